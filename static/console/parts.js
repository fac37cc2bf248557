// @ts-check
/** Pieces that all views are made of. Everything that is shown goes in as text, never as markup. */

import { html } from "../shared/dom.js";
import { icon } from "./icons.js";

/** @typedef {import("../shared/dom.js").Child} Child */
/** @typedef {"" | "good" | "warn" | "danger" | "accent"} Tone */

/**
 * The head of a view: its title, which takes the focus when the view opens, and what belongs beside it.
 * @param {string} title @param {Child} lead @param {...Child} tools
 */
export const pageHead = (title, lead, ...tools) =>
  html(
    "header",
    { class: "page-head" },
    html("div", {}, html("h1", { tabIndex: -1 }, title), lead && html("p", { class: "soft" }, lead)),
    html("div", { class: "tools" }, ...tools),
  );

/**
 * @param {string} label
 * @param {{onclick?: (event: MouseEvent) => void, kind?: "primary" | "plain" | "danger", icon?: string, type?: "button" | "submit", disabled?: boolean}} [options]
 */
export function button(label, { onclick, kind = "plain", icon: name, type = "button", disabled = false } = {}) {
  return html("button", { type, class: `act ${kind}`, onclick, disabled }, name && icon(name), label);
}

/**
 * A label over an input, a hint and a place for what is wrong with it.
 * @template {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Input
 * @param {string} label @param {Input} input @param {string} [hint]
 */
export function field(label, input, hint = "") {
  input.id ||= `field-${nextId()}`;
  const problem = html("p", { class: "problem", id: `${input.id}-problem`, hidden: true });
  const told = hint && html("p", { class: "hint", id: `${input.id}-hint` }, hint);
  input.setAttribute("aria-describedby", [hint && `${input.id}-hint`, problem.id].filter(Boolean).join(" "));
  const element = html("div", { class: "field" }, html("label", { htmlFor: input.id }, label), input, told, problem);
  return {
    element,
    input,
    /** @param {string} text empty = nothing is wrong */
    refuse(text) {
      problem.textContent = text;
      problem.hidden = !text;
      input.setAttribute("aria-invalid", String(Boolean(text)));
    },
  };
}

/** For `id` attributes; `crypto.randomUUID` is only there over https. */
const nextId = () => Math.random().toString(36).slice(2);

/** @param {Record<string, string>} choices text by value @param {string} [value] */
export function select(choices, value = "") {
  const element = html("select", {}, ...Object.entries(choices).map(([key, text]) => html("option", { value: key }, text)));
  element.value = value;
  return element;
}

/** A word with a sign, so that colour is never all that says it. @param {string} text @param {Tone} [tone] @param {string} [name] of an icon */
export const badge = (text, tone = "", name = "") => html("span", { class: `badge ${tone}` }, name && icon(name), text);

/**
 * @template Row
 * @param {string} caption for screen readers
 * @param {{title: string, cell: (row: Row) => Child, kind?: string}[]} columns
 * @param {Row[]} rows
 */
export function table(caption, columns, rows) {
  const body = html("tbody");
  /** @param {Row[]} more */
  const add = (more) => body.append(...more.map((row) => html("tr", {}, ...columns.map(({ cell, kind = "" }) => html("td", { class: kind }, cell(row))))));
  add(rows);
  const head = columns.map(({ title, kind = "" }) => html("th", { scope: "col", class: kind }, title));
  const element = html(
    "div",
    { class: "table", tabIndex: 0, role: "region", "aria-label": caption },
    html("table", {}, html("caption", { class: "visually-hidden" }, caption), html("thead", {}, html("tr", {}, ...head)), body),
  );
  return { element, add, clear: () => body.replaceChildren() };
}

/** @param {[string, Child][]} entries */
export const facts = (entries) => html("dl", { class: "facts" }, ...entries.map(([name, value]) => html("div", {}, html("dt", {}, name), html("dd", {}, value))));

/** @param {string} title @param {...Child} children */
export const card = (title, ...children) => html("section", { class: "card" }, html("h2", {}, title), ...children);

/** Nothing to show, and what that means. @param {string} title @param {string} text @param {string} [name] of an icon */
export const empty = (title, text, name = "check") =>
  html("div", { class: "empty" }, icon(name), html("p", {}, html("strong", {}, title)), html("p", { class: "soft" }, text));

/** What went wrong, and a button to try again. @param {Error} error @param {() => void} [again] */
export const failure = (error, again) =>
  html("div", { class: "failure", role: "alert" }, icon("alert"), html("p", {}, error.message), again && button("Try again", { onclick: again }));

/** @param {string} text */
export function copyButton(text) {
  const element = button("Copy", {
    onclick: async () => {
      await navigator.clipboard.writeText(text);
      element.textContent = "Copied";
    },
  });
  return element;
}

/** Say something for a moment, aloud as well. @param {string} text @param {Tone} [tone] */
export function toast(text, tone = "") {
  const place = /** @type {HTMLElement} */ (document.getElementById("toasts"));
  const element = html("p", { class: `toast ${tone}` }, text);
  // An open dialog makes the rest of the page inert and covers it.
  (document.querySelector("dialog[open]") ?? document.body).append(place);
  place.append(element);
  setTimeout(() => element.remove(), 6000);
}

/**
 * A form in a dialog. It stays open, and keeps what was typed, while `submit` fails.
 * @param {{title: string, body: Child[], submit?: () => Promise<void>, label?: string, danger?: boolean, close?: string}} options
 * @returns {Promise<boolean>} whether it was submitted
 */
export function dialog({ title, body, submit, label = "Save", danger = false, close = submit ? "Cancel" : "Close" }) {
  const problem = html("p", { class: "problem", role: "alert" });
  const send = submit && button(label, { kind: danger ? "danger" : "primary", type: "submit" });
  const element = html("dialog", { "aria-label": title });
  let sent = false;
  const form = html(
    "form",
    { method: "dialog", noValidate: true },
    html("h2", {}, title),
    ...body,
    problem,
    html("div", { class: "actions" }, button(close, { onclick: () => element.close() }), send),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!submit || !send || send.disabled) return;
    send.disabled = true;
    problem.textContent = "";
    try {
      await submit();
      sent = true;
      element.close();
    } catch (/** @type {any} */ error) {
      problem.textContent = error.message;
    } finally {
      send.disabled = false;
    }
  });
  element.append(form);
  document.body.append(element);
  element.showModal();
  return new Promise((resolve) =>
    element.addEventListener("close", () => {
      document.body.append(/** @type {HTMLElement} */ (document.getElementById("toasts")));
      element.remove();
      resolve(sent);
    }),
  );
}
