// @ts-check
/** The developer's side of the sample site: the code, what the page hears, what the server gets. */

import { html, setText } from "../shared/dom.js";
import { snippet } from "./embedding.js";

/** @typedef {import("./state.js").State} State */

const HEARD = "What the page hears";
const GOT = "What the server gets";

/**
 * @param {HTMLElement} root
 * @param {string} origin of Visavis
 * @returns {(state: State) => void}
 */
export function panel(root, origin) {
  const code = html("code");
  const messages = html("ol", { class: "log", tabIndex: 0, ariaLabel: HEARD });
  const events = html("ol", { class: "log", tabIndex: 0, ariaLabel: GOT });
  const noMessages = html("p", { class: "empty" });
  const noEvents = html("p", { class: "empty" });
  const note = html("p", { class: "note", role: "status" });
  root.replaceChildren(
    html("h2", { class: "panel-title" }, "For developers"),
    section("code", "The code for this", html("pre", { tabIndex: 0, ariaLabel: "Code" }, code)),
    section("messages", HEARD, noMessages, messages),
    section("events", GOT, noEvents, events, note),
  );
  return (state) => {
    setText(code, snippet(state.variant, origin));
    fill(messages, state.messages.map(({ at, type, text }) => ({ key: `${at} ${type} ${text}`, at, type, text, verified: false })));
    fill(events, state.events.map(({ id, type, status = "", receivedAt }) => ({ key: id, at: receivedAt, type, text: status, verified: true })));
    messages.hidden = state.messages.length === 0;
    noMessages.hidden = !messages.hidden;
    events.hidden = state.events.length === 0;
    noEvents.hidden = !events.hidden;
    setText(noMessages, waitingForMessages(state));
    setText(noEvents, state.step === "start" ? "Signed webhooks arrive here." : "No webhook yet.");
    setText(note, noteOn(state));
  };
}

/** @param {string} id @param {string} title @param {...HTMLElement} parts */
const section = (id, title, ...parts) => html("section", { id: `panel-${id}` }, html("h3", {}, title), ...parts);

/** @param {State} state */
function waitingForMessages({ step, variant }) {
  if (step === "start") return "Messages of the session appear here.";
  return variant === "iframe" ? "A plain frame tells nothing until the end." : "Nothing yet.";
}

/** @param {State} state */
function noteOn({ away, refused }) {
  if (away) return "The site’s own server does not answer. Trying again…";
  if (refused === 0) return "";
  return refused === 1 ? "One request had no valid signature and was refused." : `${refused} requests had no valid signature and were refused.`;
}

/** @typedef {{key: string, at: number, type: string, text: string, verified: boolean}} Line */

/**
 * Show lines, leaving those that are there.
 * @param {HTMLOListElement} list
 * @param {Line[]} lines
 */
function fill(list, lines) {
  const shown = new Map([...list.children].map((item) => [/** @type {HTMLElement} */ (item).dataset.key, item]));
  if (list.children.length === lines.length && lines.every(({ key }) => shown.has(key))) return;
  list.replaceChildren(...lines.map((line) => shown.get(line.key) ?? entry(line)));
  list.scrollTop = list.scrollHeight;
}

/** @param {Line} line */
function entry({ key, at, type, text, verified }) {
  const time = new Date(at).toLocaleTimeString([], { hour12: false });
  const item = html("li", {}, html("time", {}, time), html("b", {}, type), html("span", {}, text), verified && html("em", {}, "verified"));
  item.dataset.key = key;
  return item;
}
