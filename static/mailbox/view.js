// @ts-check
/** Draws the mailbox: a form for the key, the list, and the message that is open. */

import { html, svg } from "../shared/dom.js";
import { codeIn } from "./source.js";

/** @typedef {import("./source.js").Message} Message */

const ICONS = { email: "M4 6h16v12H4z M4 7l8 6 8-6", sms: "M5 5h14v10H10l-4 4v-4H5z" };
const TIME = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

/**
 * @param {string} problem why the last key was refused; empty at first
 * @param {(key: string) => void} give
 */
export function keyForm(problem, give) {
  const field = html("input", {
    id: "key", type: "password", autocomplete: "off", spellcheck: false, required: true, placeholder: "sk_test_…",
    "aria-describedby": "key-hint key-problem", "aria-invalid": problem ? "true" : undefined,
  });
  const form = html(
    "form",
    { class: "key card", onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); give(field.value.trim()); } },
    html("label", { htmlFor: "key" }, "Test key"),
    html("p", { id: "key-hint", class: "soft" }, "The key stays in the memory of this page and goes to this server only."),
    html("div", { class: "row" }, field, html("button", { class: "button primary", type: "submit" }, "Show messages")),
    html("p", { id: "key-problem", class: "problem", role: "alert" }, problem),
  );
  queueMicrotask(() => field.focus());
  return form;
}

/** @param {boolean} filtered */
export function emptyBox(filtered) {
  return html(
    "section",
    { class: "card empty" },
    html("h2", {}, filtered ? "Nothing here fits" : "No messages yet"),
    html("p", { class: "soft" }, filtered ? "No message has this text in its session, recipient or subject." : "When a sandbox session sends a code, it appears here within two seconds."),
  );
}

/**
 * @param {Message[]} messages
 * @param {string} openId
 * @param {(id: string) => void} open
 */
export function list(messages, openId, open) {
  return html("ul", { class: "list" }, ...messages.map((message) => html("li", {}, row(message, message.id === openId, open))));
}

/** @param {Message} message @param {boolean} current @param {(id: string) => void} open */
function row(message, current, open) {
  const kind = message.channel === "email" ? "E-mail" : "Text message";
  return html(
    "button",
    { class: "entry", type: "button", id: `entry-${message.id}`, "aria-current": current ? "true" : undefined, onclick: () => open(message.id) },
    svg("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, svg("path", { d: ICONS[message.channel] })),
    html(
      "span",
      { class: "what" },
      html("span", { class: "to" }, html("span", { class: "visually-hidden" }, `${kind} to `), message.to),
      html("span", { class: "line soft" }, message.subject || message.text),
    ),
    html("time", { class: "soft", dateTime: new Date(message.createdAt).toISOString() }, TIME.format(message.createdAt)),
  );
}

/** @param {Message} message */
export function detail(message) {
  const code = codeIn(message);
  return html(
    "article",
    { class: "card message", "aria-labelledby": "subject" },
    html("h2", { id: "subject", tabIndex: -1 }, message.subject || "Text message"),
    html(
      "dl",
      {},
      ...Object.entries({ To: message.to, Session: message.sessionId, Time: TIME.format(message.createdAt) }).map(([term, text]) =>
        html("div", {}, html("dt", {}, term), html("dd", {}, text)),
      ),
    ),
    code && html("p", { class: "code" }, html("span", { class: "visually-hidden" }, "Code "), code, copyButton(code)),
    message.html && preview(message),
    message.html ? html("details", {}, html("summary", {}, "Plain text"), plain(message)) : plain(message),
  );
}

/** @param {Message} message */
const plain = (message) => html("pre", { tabIndex: 0, "aria-label": "Plain text" }, message.text);

/**
 * The mail in a frame that may run nothing and has no origin. From an address in memory, because Trusted Types let no
 * text become markup of this page; the frame takes this page's policy along all the same.
 * @param {Message} message
 */
function preview(message) {
  const address = URL.createObjectURL(new Blob([message.html], { type: "text/html;charset=utf-8" }));
  const frame = html("iframe", { class: "preview", title: "The e-mail as it would look", sandbox: "", src: address });
  frame.addEventListener("load", () => URL.revokeObjectURL(address), { once: true });
  return frame;
}

/** @param {string} code */
function copyButton(code) {
  const button = html("button", { class: "button secondary", type: "button", "aria-live": "polite", onclick: copy }, "Copy");
  async function copy() {
    try {
      await navigator.clipboard.writeText(code);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Select and copy it by hand";
    }
  }
  return button;
}
