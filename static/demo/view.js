// @ts-check
/** Draws the three steps of the sample site. */

import { html } from "../shared/dom.js";

/** @typedef {import("./state.js").State} State */

const HEADLINES = /** @type {Record<string, string>} */ ({
  complete: "Welcome to Larkfield, your account is ready.",
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
      html("h1", {}, "Nearly there. One short conversation, and the account is yours."),
      html("p", { class: "lead" }, "Instead of another form, a friendly avatar asks you a few questions. It takes about two minutes, and you can type if you would rather not talk."),
      html("button", { class: "button primary", type: "button", disabled: busy, onclick: begin }, busy ? "Opening…" : "Start the conversation"),
      state.request === "failed" && html("p", { class: "failed", role: "alert" }, "The session could not be opened. Is the server running? Try again."),
    ),
    html(
      "aside",
      { class: "summary" },
      html("h2", {}, "Larkfield Everyday"),
      html("dl", {}, ...pairs({ Account: "Current account", "Monthly fee": "None", Card: "Debit, contactless", Identity: "By conversation" })),
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
    html("p", { class: "lead" }, waiting ? "Fetching the report…" : state.report ? "This is what our server now knows, from the session's report:" : "The report is not ready yet. It can be read from the API at any time."),
    state.report && html("div", { class: "report" }, ...summary(state.report), html("details", {}, html("summary", {}, "The whole report"), html("pre", { tabIndex: 0 }, JSON.stringify(state.report, null, 2)))),
    html("button", { class: "button secondary", type: "button", onclick: again }, "Start over"),
  );
}

/** The plain values at the top of a report, as a table. @param {Record<string, unknown>} report */
function summary(report) {
  const plain = Object.entries(report).filter(([, value]) => ["string", "number", "boolean"].includes(typeof value));
  return [html("dl", {}, ...pairs(Object.fromEntries(plain.map(([key, value]) => [key, String(value)]))))];
}
