// @ts-check
/** Parts that several panels have. */

import { html } from "../shared/dom.js";
import { icon } from "./icons.js";

/** @param {string} text @param {() => void} press @param {"primary" | "secondary" | "link"} [rank] */
export const button = (text, press, rank = "primary") => html("button", { type: "button", class: `button ${rank}`, onclick: press }, text);

/** @param {string} text */
export const heading = (text) => html("h1", { tabIndex: -1 }, text);

/**
 * @param {string} symbol
 * @param {string} title
 * @param {string} text
 */
export const fact = (symbol, title, text) =>
  html("li", {}, html("span", { class: "fact-icon" }, icon(symbol)), html("span", {}, html("strong", {}, title), html("span", { class: "soft" }, text)));
