// @ts-check
/** Draws the three steps of the sample site. */

import { html } from "../shared/dom.js";

/**
 * @typedef {import("./state.js").State} State
 *
 * @typedef {object} Actions
 * @property {() => void} begin
 * @property {() => void} again
 * @property {() => void} reopen the modal that was closed
 * @property {(variant: string) => void} choose
 * @property {(journey: string) => void} visit
 * @property {(state: State) => HTMLElement} embed
 */

const JOURNEYS = /** @type {const} */ ({
  payment: {
    label: "Confirm a payment",
    title: "We put a payment on hold. One short conversation settles it.",
    lead: "It is larger than usual, so we would like to hear from you before it leaves. It takes about a minute, and you can type if you would rather not talk.",
    facts: { To: "Brightside Garden Supplies", Amount: "$250.00", From: "Everyday account", Status: "Waiting for you" },
  },
  identity: {
    label: "Open an account",
    title: "Show us that it is you, and your account is open.",
    lead: "A short look into the camera and your name, that is all. It takes about a minute. Sit where light falls on your face.",
    facts: { Account: "Everyday account", Fee: "None", Needed: "Camera", Status: "One step left" },
  },
});

const VARIANTS = /** @type {const} */ ({
  inline: { label: "Widget in the page", text: "A custom element. It tells every step." },
  modal: { label: "Widget over the page", text: "The same element as a dialog." },
  iframe: { label: "Plain iframe", text: "No script of ours. It tells the end." },
});

const HEADLINES = /** @type {Record<string, string>} */ ({
  complete: "Thank you. That was all we need.",
  incomplete: "We could not finish this time.",
});

/**
 * @param {HTMLElement} root
 * @param {Actions} actions
 * @returns {(state: State) => void}
 */
export function view(root, actions) {
  let shown = "";
  let shownStep = "start";
  let focusedId = "";
  return (state) => {
    const key = JSON.stringify([state.step, state.request, state.session?.sessionId, state.report !== null, state.journey, state.closed]);
    if (key === shown) return;
    if (root.contains(document.activeElement)) focusedId = document.activeElement?.id ?? "";
    if (state.step === "talk" && shownStep === "talk") updateTalk(root, state);
    else root.replaceChildren(...drawn(state, actions));
    if (shown !== "" && state.step !== shownStep) focusedId = "title";
    // What is drawn anew gives the focus back to where it was.
    if (focusedId && !root.contains(document.activeElement)) document.getElementById(focusedId)?.focus();
    [shown, shownStep] = [key, state.step];
  };
}

/** @param {State} state @param {Actions} actions @returns {HTMLElement[]} */
function drawn(state, actions) {
  const step = { start: startStep, talk: talkStep, done: doneStep }[state.step];
  return [progress(state.step), step(state, actions)];
}

/** @param {State["step"]} step */
function progress(step) {
  const names = { start: "Your request", talk: "Short conversation", done: "Decision" };
  const items = Object.entries(names).map(([id, name]) => html("li", { ariaCurrent: id === step ? "step" : null }, name));
  return html("ol", { class: "steps", ariaLabel: "Progress" }, ...items);
}

/** @param {State} state @param {Actions} actions */
function startStep(state, { begin, choose, visit }) {
  const busy = state.request === "busy";
  const journey = JOURNEYS[state.journey];
  return html(
    "section",
    { class: "start" },
    html(
      "div",
      { class: "offer" },
      html("h1", { id: "title", tabIndex: -1 }, journey.title),
      html("p", { class: "lead" }, journey.lead),
      choice("journey", "What brings you here?", JOURNEYS, state.journey, visit),
      choice("variant", "How is it embedded?", VARIANTS, state.variant, choose),
      html("button", { id: "begin", class: "button primary", type: "button", disabled: busy, onclick: begin }, busy ? "Opening…" : "Start the conversation"),
      state.request === "failed" && html("p", { class: "failed", role: "alert" }, `The session could not be opened. ${state.problem}`),
    ),
    html("div", { class: "summary" }, html("h2", {}, journey.label), facts(journey.facts)),
  );
}

/**
 * @param {string} name
 * @param {string} legend
 * @param {Record<string, {label: string, text?: string}>} options
 * @param {string} chosen
 * @param {(value: string) => void} choose
 */
function choice(name, legend, options, chosen, choose) {
  const radios = Object.entries(options).map(([value, { label, text }]) =>
    html(
      "label",
      {},
      html("input", { id: `${name}-${value}`, type: "radio", name, value, checked: value === chosen, onchange: () => choose(value) }),
      html("span", {}, html("b", {}, label), text && html("small", {}, text)),
    ),
  );
  return html("fieldset", { class: "choice" }, html("legend", {}, legend), ...radios);
}

/** @param {Record<string, string>} entries */
const facts = (entries) => html("dl", {}, ...Object.entries(entries).map(([term, text]) => html("div", {}, html("dt", {}, term), html("dd", {}, text))));

/** @param {State} state @param {Actions} actions */
function talkStep(state, { embed, reopen, again }) {
  const paused = html(
    "div",
    { class: "paused", hidden: !state.closed },
    html("p", { class: "lead" }, "The conversation is not finished. It waits for you for a while."),
    html("button", { class: "button primary", type: "button", onclick: reopen }, "Go on"),
    html("button", { class: "button secondary", type: "button", onclick: again }, "Start over"),
  );
  return html("section", { class: `talk ${state.variant}` }, html("h1", { id: "title", tabIndex: -1, class: "visually-hidden" }, "Short conversation"), embed(state), paused);
}

/** The frame must stay as it is: a frame that is moved is loaded anew. @param {HTMLElement} root @param {State} state */
function updateTalk(root, state) {
  const paused = /** @type {HTMLElement | null} */ (root.querySelector(".paused"));
  if (paused) paused.hidden = !state.closed;
}

/** @param {State} state @param {Actions} actions */
function doneStep(state, { again }) {
  const waiting = state.request === "busy";
  const lead = waiting ? "Fetching the report…" : state.report ? "This is what our server now knows, from the session’s report:" : "The report is not ready yet. It can be read from the API at any time.";
  return html(
    "section",
    { class: "done" },
    html("h1", { id: "title", tabIndex: -1 }, HEADLINES[state.status ?? ""] ?? "The conversation has ended."),
    html("p", { class: "lead" }, lead),
    state.report && html("div", { class: "report" }, summary(state.report), html("details", {}, html("summary", {}, "The whole report"), html("pre", { tabIndex: 0 }, JSON.stringify(state.report.report, null, 2)))),
    html("button", { class: "button secondary", type: "button", onclick: again }, "Start over"),
  );
}

/**
 * What was decided at each node that left a decision, and what was learnt about the person.
 * @param {import("./backend.js").Session} session
 */
function summary({ status, report }) {
  const learnt = Object.entries(report.extractedData ?? {}).map(([name, value]) => [name, String(value)]);
  const decided = report.nodeReports.filter(({ outcome }) => outcome).map(({ nodeId, outcome }) => [`At “${nodeId}”`, String(outcome)]);
  return facts({ Status: status, ...Object.fromEntries(learnt), ...Object.fromEntries(decided) });
}
