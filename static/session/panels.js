// @ts-check
/** The panel beside the portrait while one waits, and after the call. Each function builds one; `update` shows a newer state. */

import { html } from "../shared/dom.js";
import { icon } from "./icons.js";
import { button, heading } from "./panel_parts.js";
import { isElsewhere } from "./state.js";
import { t } from "./strings.js";
import { ending, stopped } from "./texts.js";

/**
 * @typedef {import("./types.js").State} State
 * @typedef {import("./types.js").Panel} Panel
 * @typedef {import("./types.js").Actions} Actions
 */

/** Reasons to stop that another try does not help against. */
const FINAL_STOPS = new Set(["link_missing", "client_secret_unknown", "client_secret_expired", "unsupported"]);

/** @returns {Panel} */
export function loadingPanel() {
  const element = html(
    "div",
    { class: "panel-body", "aria-busy": "true" },
    html("h1", { class: "visually-hidden", tabIndex: -1 }, t("page.loading")),
    html("div", { class: "bone wide" }), html("div", { class: "bone" }), html("div", { class: "bone" }), html("div", { class: "bone tall" }),
  );
  return { element };
}

/** @param {State} state @returns {Panel} */
export function askingPanel(state) {
  return {
    element: html(
      "div",
      { class: "panel-body" },
      heading(t("asking.heading")),
      html("p", { class: "lead" }, t("asking.lead", { name: state.persona.name })),
      html("div", { class: "asking-picture", "aria-hidden": "true" }, icon("microphone"), icon("camera")),
    ),
  };
}

/** @param {State} state @returns {Panel} */
export function endedPanel(state) {
  const outcome = state.outcome ?? { status: "incomplete", reason: "" };
  const { title, text } = ending(outcome);
  const complete = outcome.status === "complete";
  const said = state.lines.map(({ speaker, text: words }) => html("li", { class: speaker }, words));
  return {
    element: html(
      "div",
      { class: "panel-body centred" },
      html("div", { class: `seal ${complete ? "good" : "calm"}` }, icon(complete ? "check" : "clock")),
      heading(title),
      html("p", { class: "lead" }, text),
      said.length > 0 && html("details", { class: "said" }, html("summary", {}, t("ending.read")), html("ol", { class: "lines" }, ...said)),
      html("p", { class: "soft note" }, t(window.parent === window ? "ending.devicesOffClose" : "ending.devicesOff")),
    ),
  };
}

/** @param {State} state @param {Actions} actions @returns {Panel} */
export function stoppedPanel(state, actions) {
  const { code, retryAt } = state.stop ?? { code: "problem", retryAt: null };
  const { title, text } = stopped(code);
  const symbol = code === "busy" || code === "client_secret_expired" ? "clock" : isElsewhere(code) ? "window" : code.startsWith("client_secret") || code === "link_missing" ? "link" : "alert";
  const countdown = html("p", { class: "countdown", role: "timer" });
  const element = html(
    "div",
    { class: "panel-body centred" },
    html("div", { class: "seal calm" }, icon(symbol)),
    heading(title),
    html("p", { class: "lead" }, text),
    retryAt !== null && countdown,
    !FINAL_STOPS.has(code) && html("div", { class: "actions" }, button(t(isElsewhere(code) ? "stop.takeBack.button" : "page.tryAgain.button"), actions.retry)),
  );
  if (retryAt !== null) countDown(countdown, retryAt, actions);
  return { element };
}

/**
 * Count the seconds to `retryAt`, then try again; stops when the panel is gone.
 * @param {HTMLElement} element
 * @param {number} retryAt
 * @param {Actions} actions
 */
function countDown(element, retryAt, actions) {
  const show = () => {
    const seconds = Math.ceil((retryAt - actions.now()) / 1000);
    element.textContent = seconds > 0 ? t("stop.nextTry", { seconds }) : t("stop.trying");
    return seconds;
  };
  show();
  const timer = setInterval(() => {
    const seconds = show();
    if (!element.isConnected) clearInterval(timer);
    else if (seconds <= 0) {
      clearInterval(timer);
      actions.retry();
    }
  }, 500);
}
