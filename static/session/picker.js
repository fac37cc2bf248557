// @ts-check
/** A list to pick from. */

import { html } from "../shared/dom.js";
import { icon } from "./icons.js";

/**
 * It is hidden while there is nothing to pick.
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
