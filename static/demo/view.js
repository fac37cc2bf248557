// @ts-check
/** Draws the three steps of the sample site. */

import { html } from "../shared/dom.js";

/** @typedef {import("./state.js").State} State */

const HEADLINES = /** @type {Record<string, string>} */ ({
  complete: "Thank you. We have your answer.",
  incomplete: "We could not finish this time.",
});

/**
 * @param {HTMLElement} root
 * @param {{begin: () => void, again: () => void, framed: (frame: HTMLIFrameElement) => void}} actions
 * @returns {(state: State) => void}
 */
export function view(root, actions) {
  let shown = "";
  return (state) => {
    for (const item of document.querySelectorAll(".steps li")) {
      if (/** @type {HTMLElement} */ (item).dataset.step === state.step) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
    }
    const key = `${state.step} ${state.request} ${state.session?.sessionId} ${state.report !== null}`;
    if (key === shown) return;
    shown = key;
    if (state.step === "start") root.replaceChildren(startStep(state, actions.begin));
    else if (state.step === "talk" && state.session) root.replaceChildren(talkStep(state.session.url, actions.framed));
    else if (state.step === "done") root.replaceChildren(doneStep(state, actions.again));
  };
}

/** @param {State} state @param {() => void} begin */
function startStep(state, begin) {
  const busy = state.request === "busy";
  return html(
    "section",
    { class: "start" },
    html(
      "div",
      {},
      html("h1", {}, "We put a payment on hold. One short conversation settles it."),
      html("p", { class: "lead" }, "It is larger than usual, so we would like to hear from you before it leaves. An avatar asks two or three questions. It takes about a minute, and you can type if you would rather not talk."),
      html("button", { class: "button primary", type: "button", disabled: busy, onclick: begin }, busy ? "Opening…" : "Start the conversation"),
      state.request === "failed" && html("p", { class: "failed", role: "alert" }, "The session could not be opened. Is the server running? Try again."),
    ),
    html(
      "aside",
      { class: "summary" },
      html("h2", {}, "Payment on hold"),
      html("dl", {}, ...pairs({ To: "Brightside Garden Supplies", Amount: "$250.00", From: "Everyday account", Status: "Waiting for you" })),
    ),
  );
}

/** @param {Record<string, string>} entries */
const pairs = (entries) => Object.entries(entries).map(([term, text]) => html("div", {}, html("dt", {}, term), html("dd", {}, text)));

/** @param {string} url @param {(frame: HTMLIFrameElement) => void} framed */
function talkStep(url, framed) {
  const frame = html("iframe", { class: "session", src: url, allow: "camera; microphone; autoplay; fullscreen", title: "Conversation with the avatar" });
  framed(frame);
  return html("section", { class: "talk" }, frame);
}

/** @param {State} state @param {() => void} again */
function doneStep(state, again) {
  const waiting = state.request === "busy";
  return html(
    "section",
    { class: "done" },
    html("h1", { tabIndex: -1 }, HEADLINES[state.status ?? ""] ?? "The conversation has ended."),
    html("p", { class: "lead" }, waiting ? "Fetching the report…" : state.report ? "This is what our server now knows, from the session’s report:" : "The report is not ready yet. It can be read from the API at any time."),
    state.report && html("div", { class: "report" }, summary(state.report), html("details", {}, html("summary", {}, "The whole report"), html("pre", { tabIndex: 0 }, JSON.stringify(state.report.report, null, 2)))),
    html("button", { class: "button secondary", type: "button", onclick: again }, "Start over"),
  );
}

/**
 * What was decided at each node that left a decision, and what was learnt about the person.
 * @param {import("./peer.js").Session} session
 */
function summary({ status, report }) {
  const learnt = Object.entries(report.extractedData ?? {}).map(([name, value]) => [name, String(value)]);
  const decided = report.nodeReports.filter(({ outcome }) => outcome).map(({ nodeId, outcome }) => [`At “${nodeId}”`, String(outcome)]);
  return html("dl", {}, ...pairs({ Status: status, ...Object.fromEntries(learnt), ...Object.fromEntries(decided) }));
}
