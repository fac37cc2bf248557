// @ts-check
/** Asks before light flashes, then fills the screen with it. Escape skips and stops. */

import { html, setText } from "../shared/dom.js";
import { play } from "./flash.js";
import { icon } from "./more_icons.js";
import { t } from "./strings.js";

/** @typedef {import("./types.js").State} State */

const TICK_MS = 500;

/**
 * @param {import("./types.js").Actions} actions
 * @returns {{element: HTMLElement, update: (state: State) => void}}
 */
export function flashDialog(actions) {
  const skip = html("button", { type: "button", class: "button secondary", onclick: actions.refuseFlash }, t("flash.skip.button"));
  const show = html("button", { type: "button", class: "button primary", onclick: actions.allowFlash }, t("flash.show.button"));
  const wait = html("p", { class: "soft note flash-wait" });
  const question = html(
    "div",
    { class: "flash-question" },
    html("h2", { id: "flash-title" }, icon("light"), t("flash.title")),
    html("p", {}, t("flash.lead")),
    html("p", { id: "flash-warning", class: "flash-warning" }, icon("alert"), html("span", {}, t("flash.warning"))),
    html("div", { class: "actions row" }, skip, show),
    wait,
  );
  const video = html("video", { class: "lens-video", autoplay: true, muted: true, playsInline: true, "aria-label": t("check.picture") });
  const stop = html("button", { type: "button", class: "button flash-stop", onclick: actions.refuseFlash }, t("flash.stop.button"));
  const oval = html("div", { class: "flash-oval" }, video);
  const light = html("div", { class: "flash-light" }, oval, html("p", { class: "visually-hidden", role: "status" }, t("flash.showing")), stop);
  const element = html("dialog", { class: "flash", "aria-labelledby": "flash-title", "aria-describedby": "flash-warning" }, question, light);
  element.addEventListener("cancel", (event) => {
    event.preventDefault();
    actions.refuseFlash();
  });

  let stage = "";
  let timer = 0;
  let playing = new AbortController();
  const close = () => {
    playing.abort();
    clearInterval(timer);
    video.srcObject = null;
    light.style.backgroundColor = "";
  };
  /** @param {import("./check_state.js").Flash} flash */
  const ask = ({ until }) => {
    const tick = () => setText(wait, t("flash.wait", { seconds: Math.max(0, Math.ceil((until - actions.now()) / 1000)) }));
    tick();
    timer = setInterval(tick, TICK_MS);
    // An Enter that was meant for something else must not bring on the light.
    skip.focus();
  };
  /** @param {import("./check_state.js").Flash} flash */
  const shine = async ({ colours, symbolMs }) => {
    video.srcObject = actions.stream();
    stop.focus();
    const { signal } = (playing = new AbortController());
    const hidden = () => document.hidden && actions.flashPlayed(null);
    document.addEventListener("visibilitychange", hidden, { signal });
    const startedMs = await play(light, colours, symbolMs, signal);
    if (!signal.aborted) actions.flashPlayed(startedMs);
  };
  return {
    element,
    update({ screen, check }) {
      const flash = (screen === "call" && check?.flash) || null;
      if ((flash?.stage ?? "") === stage) return;
      stage = flash?.stage ?? "";
      close();
      question.hidden = stage !== "asking";
      light.hidden = stage !== "showing";
      element.dataset.stage = stage;
      if (flash && !element.open) element.showModal();
      if (!flash) element.close();
      else if (flash.stage === "asking") ask(flash);
      else void shine(flash);
    },
  };
}
