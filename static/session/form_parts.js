// @ts-check
/** Parts of forms: a choice among a few, a switch, a list to pick from. Each tells of a change and can be shown another value. */

import { html } from "../shared/dom.js";
import { icon } from "./icons.js";

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

/**
 * A list to pick from; hidden while there is nothing to pick.
 * @param {string} id used by no other
 * @param {string} symbol
 * @param {string} label
 * @param {(id: string) => void} change
 */
export function picker(id, symbol, label, change) {
  const select = html("select", { id, onchange: () => change(select.value) });
  const element = html("div", { class: "setting picker" }, html("label", { htmlFor: id }, icon(symbol), html("span", {}, label)), select);
  let shown = "";
  return {
    element,
    /**
     * @param {readonly {id: string, label: string}[]} choices
     * @param {string} chosen
     */
    show(choices, chosen) {
      element.hidden = choices.length === 0;
      const key = JSON.stringify(choices);
      if (key !== shown) select.replaceChildren(...choices.map((choice) => html("option", { value: choice.id }, choice.label)));
      shown = key;
      if (choices.some((choice) => choice.id === chosen)) select.value = chosen;
    },
  };
}
