// @ts-check
/** The card with a field: an e-mail address, a phone number, or a code that was sent. */

import { html, setText } from "../shared/dom.js";
import { fieldButtons, refusal } from "./call_texts.js";
import { t } from "./strings.js";

/**
 * @typedef {import("./requests.js").InputRequest} InputRequest
 * @typedef {import("./types.js").Actions} Actions
 */

/** A server that says nothing to an answer for so long has lost it; the person may send it again. */
const ANSWER_MS = 12_000;

const TICK_MS = 250;

/** Shortest code there is, for a field whose length the server did not tell. */
const SHORTEST_CODE = 4;

const USUAL_CODE = 6;

/** Attributes that bring up the right keyboard and the right suggestion. */
const KINDS = {
  email: { type: "email", inputMode: "email", autocomplete: "email", placeholder: "name@example.com", autocapitalize: "off" },
  phone: { type: "tel", inputMode: "tel", autocomplete: "tel", placeholder: "+44 7700 900123" },
  code: { type: "text", inputMode: "numeric", autocomplete: "one-time-code", autocapitalize: "off" },
};

/**
 * @param {InputRequest} request
 * @param {Actions} actions
 * @returns {import("./cards.js").Card}
 */
export function fieldCard(request, actions) {
  const { kind } = request;
  const isCode = kind === "code";
  const buttons = fieldButtons(kind);
  const empty = t(`field.${kind}.empty`);
  const field = html("input", {
    ...KINDS[kind], id: "wanted", class: `field ${kind}`, dir: "ltr", enterKeyHint: "send", value: request.value, "aria-describedby": "wanted-hint wanted-problem",
  });
  field.spellcheck = false;
  const hint = html("p", { id: "wanted-hint", class: "soft" });
  const problem = html("p", { id: "wanted-problem", class: "problem", role: "alert" });
  const status = html("p", { class: "soft card-status", role: "status" });
  // Not `disabled` while the server is asked: that would throw the focus away.
  const send = html("button", { type: "submit", class: "button primary" });
  const cancel = html("button", { type: "button", class: "button secondary", onclick: () => actions.cancelInput() }, buttons.cancel);
  const resend = html("button", { type: "button", class: "button quiet resend", onclick: () => sendAgain() });
  const element = html(
    "form",
    { class: "card", noValidate: true, "aria-labelledby": "wanted-label", onsubmit: submit },
    html("label", { id: "wanted-label", class: "card-title", htmlFor: "wanted" }, t(`field.${kind}.label`)),
    hint, field, problem, status,
    html("div", { class: "card-actions" }, send, cancel, isCode && resend),
  );

  let shown = { ...request, value: "" };
  let linked = true;
  let refused = "";
  let answerTimer = 0;
  const free = () => linked && !shown.stale && shown.awaiting === "no";

  function sendValue() {
    if (!free() || !actions.sendInput(field.value.trim())) return;
    answerTimer = setTimeout(() => actions.inputUnanswered(request.requestId), ANSWER_MS);
  }
  /** @param {Event} event */
  function submit(event) {
    event.preventDefault();
    const enough = isCode ? shown.codeLength || SHORTEST_CODE : 1;
    if (field.value.trim().length >= enough) {
      sendValue();
      return;
    }
    setText(problem, empty);
    field.focus();
  }
  function sendAgain() {
    if (!free() || secondsToResend(shown, actions.now()) > 0 || !actions.resendCode()) return;
    answerTimer = setTimeout(() => actions.inputUnanswered(request.requestId), ANSWER_MS);
  }
  function showResend() {
    const seconds = secondsToResend(shown, actions.now());
    resend.hidden = shown.resendAt === null;
    resend.setAttribute("aria-disabled", String(seconds > 0 || !free()));
    setText(resend, seconds > 0 ? t("field.newCodeIn", { time: clock(seconds) }) : t("field.newCode.button"));
  }

  field.addEventListener("input", () => {
    if (problem.textContent === empty) setText(problem, "");
  });
  if (isCode) {
    // The last digit sends. A code that was wrong goes again only by the button: each try counts.
    keepDigits(field, () => shown.codeLength, (code) => code !== refused && sendValue());
    const timer = setInterval(() => (element.isConnected ? showResend() : clearInterval(timer)), TICK_MS);
  }

  return {
    element,
    focus() {
      field.focus({ preventScroll: true });
      field.select();
    },
    update({ input: next, link }) {
      if (!next) return;
      const before = shown;
      shown = next;
      linked = link === "open";
      if (next.awaiting === "no") clearTimeout(answerTimer);
      if (next.value !== before.value) field.value = next.value;
      if (next.codesRenewed !== before.codesRenewed) field.value = "";
      if (next.problem?.count !== before.problem?.count) {
        refused = next.problem ? field.value : "";
        problem.replaceChildren(next.problem ? refusal(next.problem, kind) : ""); // Said again even when it reads the same.
        if (next.problem && element.contains(document.activeElement)) this.focus();
      }
      field.setAttribute("aria-invalid", String(next.problem !== null));
      field.style.setProperty("--digits", String(next.codeLength || USUAL_CODE));
      setText(hint, next.sentTo ? t("field.sentTo", { address: next.sentTo }) : t(`field.${kind}.hint`));
      setText(status, next.awaiting === "code" ? t("field.sendingCode") : next.codesRenewed > 0 && !next.problem ? t("field.codeSent") : "");
      setText(send, next.awaiting === "answer" ? buttons.sending : buttons.send);
      send.setAttribute("aria-disabled", String(!free()));
      cancel.disabled = !linked || next.stale;
      showResend();
    },
  };
}

/** @param {{resendAt: number | null}} request @param {number} now milliseconds */
const secondsToResend = ({ resendAt }, now) => Math.max(0, Math.ceil(((resendAt ?? now) - now) / 1000));

/** @param {number} seconds @returns {string} 75 -> "1:15" */
const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

/**
 * Let a field hold nothing but digits, however they are typed, pasted or filled in ("123 456", "١٢٣").
 * @param {HTMLInputElement} field
 * @param {() => number} length of a whole code; 0 = not known
 * @param {(code: string) => void} complete called when a code has become whole
 */
function keepDigits(field, length, complete) {
  let known = field.value;
  field.addEventListener("input", () => {
    const caret = digits(field.value.slice(0, field.selectionStart ?? field.value.length)).length;
    const code = digits(field.value).slice(0, length() || undefined);
    if (field.value !== code) {
      field.value = code;
      field.setSelectionRange(caret, caret);
    }
    const changed = code !== known;
    known = code;
    if (changed && code.length === length()) complete(code);
  });
}

/** @param {string} text @returns {string} its decimal digits, those of Arabic and Persian keyboards too */
function digits(text) {
  const plain = text.normalize("NFKC").replace(/[٠-٩۰-۹]/g, (digit) => String((digit.codePointAt(0) ?? 0) & 15));
  return plain.replace(/[^0-9]/g, "");
}
