// @ts-check
/** The panel during the call: transcript, what the server asks for, and the field to type in. */

import { html, setText } from "../shared/dom.js";
import { cardPlace } from "./cards.js";
import { icon } from "./more_icons.js";
import { languageTag, t } from "./strings.js";

/** @typedef {import("./types.js").State} State */

/**
 * @param {State} state
 * @param {import("./types.js").Actions} actions
 * @returns {import("./types.js").Panel}
 */
export function conversationPanel(state, actions) {
  const { name } = state.persona;
  const log = html("div", { class: "lines", role: "log", "aria-live": "polite", "aria-label": t("call.transcript"), tabIndex: 0 });
  const field = html("textarea", {
    id: "answer", class: "answer", rows: 1, maxLength: 2000, placeholder: t("call.type"), enterKeyHint: "send", autocomplete: "off",
  });
  const send = html("button", { type: "submit", class: "send", "aria-label": t("call.send.button") }, icon("send"));
  const offer = html("p", { class: "typing-offer", role: "status" });
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (text && actions.sendText(text)) field.value = "";
    fit(field);
    field.focus();
  };
  field.addEventListener("input", () => fit(field));
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
  });
  const form = html("form", { class: "composer", onsubmit: submit }, html("label", { class: "visually-hidden", htmlFor: "answer" }, t("call.type")), field, send);
  const cards = cardPlace(actions);
  const element = html(
    "div",
    { class: "conversation" },
    html(
      "header",
      {},
      html("h1", { tabIndex: -1 }, t("call.heading", { name })),
      html("button", { type: "button", class: "icon-button", "aria-label": t("page.hideTranscript.button"), onclick: () => actions.dispatch("transcript") }, icon("close")),
    ),
    log,
    cards.element,
    html("footer", {}, offer, form),
  );

  // A card takes room away: the newest line stays in sight.
  new ResizeObserver(() => (log.scrollTop = log.scrollHeight)).observe(log);

  /** @type {Map<string, HTMLElement>} */
  const shown = new Map();
  let offered = false;
  let opened = false;
  return {
    element,
    update(next) {
      cards.update(next);
      const news = drawLines(log, shown, next, name);
      if (news || (next.transcript && !opened)) log.scrollTop = log.scrollHeight;
      opened = next.transcript;
      send.disabled = next.link !== "open";
      element.classList.toggle("offer", next.typingOffered);
      offer.textContent = next.typingOffered ? t("call.typingOffer") : "";
      // Put the field forward once, and never steal the focus from somebody who uses another control.
      if (next.typingOffered && !offered && (document.activeElement === document.body || document.activeElement?.tagName === "H1")) field.focus();
      offered = next.typingOffered;
    },
  };
}

/**
 * Add what is new and reword what changed, so that a screen reader says each line once.
 * @param {HTMLElement} log
 * @param {Map<string, HTMLElement>} shown
 * @param {State} state
 * @param {string} name
 * @returns {boolean} whether anything changed
 */
function drawLines(log, shown, state, name) {
  let changed = false;
  for (const line of state.lines) {
    const key = `${line.speaker}:${line.id}`;
    let item = shown.get(key);
    const isNew = !item;
    if (!item) {
      const who = html("span", { class: "who" }, line.speaker === "avatar" ? name : t(line.typed ? "call.youTyped" : "call.you"));
      item = html("div", { class: line.speaker }, who, html("span", { class: "words", lang: languageTag(state.session?.language) }, line.text));
      shown.set(key, item);
      log.append(item);
    }
    const words = /** @type {HTMLElement} */ (item.lastElementChild);
    if (!isNew && words.textContent === line.text && item.classList.contains("final") === line.final) continue;
    setText(words, line.text);
    item.classList.toggle("final", line.final);
    changed = true;
  }
  return changed;
}

/** Grow with the text, up to a few lines. @param {HTMLTextAreaElement} field */
function fit(field) {
  field.style.blockSize = "auto";
  field.style.blockSize = `${Math.min(field.scrollHeight, 132)}px`;
}
