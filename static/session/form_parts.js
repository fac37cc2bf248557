// @ts-check
/** Parts of forms: a choice among a few, a switch. Each tells of a change and can be shown another value. */

import { html } from "../shared/dom.js";

/**
 * One of a few, side by side.
 * @template {string} Value
 * @param {string} name of the group, used by no other
 * @param {string} legend
 * @param {readonly {value: Value, label: string}[]} options
 * @param {(value: Value) => void} change
 */
export function segments(name, legend, options, change) {
  const inputs = options.map(({ value }) => html("input", { type: "radio", name, value, onchange: () => change(value) }));
  const labels = options.map(({ label, value }, at) => html("label", { class: `segment ${value}` }, inputs[at], html("span", {}, label)));
  return {
    element: html("fieldset", { class: "setting" }, html("legend", {}, legend), html("div", { class: "segments" }, ...labels)),
    /** @param {Value} value */
    show(value) {
      for (const input of inputs) input.checked = input.value === value;
    },
  };
}

/**
 * On or off.
 * @param {string} id used by no other
 * @param {string} label
 * @param {string} hint
 * @param {(on: boolean) => void} change
 */
export function toggle(id, label, hint, change) {
  const described = `${id}-hint`;
  const input = html("input", { type: "checkbox", id, role: "switch", class: "switch", onchange: () => change(input.checked), "aria-describedby": hint && described });
  const words = html("span", {}, html("span", { class: "setting-name" }, label));
  const element = html("div", { class: "setting" }, html("label", { class: "toggle" }, words, input), hint && html("p", { id: described, class: "soft" }, hint));
  return {
    element,
    /** @param {boolean} on */
    show(on) {
      input.checked = on;
    },
  };
}
