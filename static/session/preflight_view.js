// @ts-check
/** What the check before the call found: one line for each part, figures for who wants them. */

import { html, setText } from "../shared/dom.js";
import { icon } from "./more_icons.js";
import { findings } from "./preflight_state.js";
import { t } from "./strings.js";

/**
 * @typedef {import("./types.js").State} State
 * @typedef {import("./preflight_state.js").Finding} Finding
 */

/** @type {Record<Finding["verdict"], string>} */
const SYMBOLS = { waiting: "clock", good: "check", fair: "info", bad: "alert", unchecked: "question" };

/** @param {HTMLElement} aside stands beside the figures */
export function preflightList(aside) {
  const lines = { microphone: line("microphone"), camera: line("camera"), connection: line("connection") };
  const figures = html("p", { class: "soft" });
  const details = html("details", { class: "figures", hidden: true }, html("summary", {}, t("preflight.details")), figures);
  const list = html("ul", { class: "findings", "aria-label": t("preflight.title"), role: "list" }, ...Object.values(lines).map(({ element }) => element));
  return {
    element: html("div", { class: "preflight" }, list, html("div", { class: "asides" }, aside, details)),
    /** @param {State} state */
    update(state) {
      for (const finding of findings(state)) lines[finding.part].show(finding);
      const { connection } = state.preflight;
      details.hidden = typeof connection === "string";
      if (typeof connection !== "string") setText(figures, figuresOf(connection));
    },
  };
}

/** @param {Finding["part"]} part */
function line(part) {
  const sign = html("span", { class: "finding-sign" });
  // A live region: what is found later is announced, once.
  const words = html("span", { role: "status" });
  const element = html("li", { class: "finding" }, sign, words);
  let shown = "";
  return {
    element,
    /** @param {Finding} finding */
    show({ verdict, text }) {
      if (shown === verdict + text) return;
      shown = verdict + text;
      element.dataset.verdict = verdict;
      sign.replaceChildren(icon(SYMBOLS[verdict]));
      setText(words, t(`preflight.${part}.${text}`));
    },
  };
}

/** @param {import("./preflight_state.js").ConnectionFound} found */
const figuresOf = ({ transport, roundTripMs, kilobitsPerSecond }) =>
  t("preflight.figures", {
    transport: t(`preflight.transport.${transport}`),
    roundTripMs: Math.round(roundTripMs),
    speed: Math.round(kilobitsPerSecond / 100) / 10,
  });
