// @ts-check
/** The bar of buttons of the call. */

import { html } from "../shared/dom.js";
import { icon } from "./more_icons.js";
import { t } from "./strings.js";

/** @typedef {import("./types.js").State} State */

/** How often the ring about the microphone button follows the voice. */
const LEVEL_MS = 60;

/** How long the bar stays after the last movement, where it hides by itself. */
const IDLE_MS = 4_000;

/**
 * @param {import("./types.js").Actions} actions
 * @param {AbortSignal} gone
 */
export function dock(actions, gone) {
  /** @param {string} name @param {() => void} press */
  const control = (name, press) => html("button", { type: "button", class: `control ${name}`, onclick: press });
  const microphone = control("microphone", actions.toggleMicrophone);
  const camera = control("camera", () => (camera.dataset.state === "lost" ? actions.openCamera() : actions.toggleCamera()));
  const captions = control("captions", () => actions.dispatch("captions"));
  const transcript = control("transcript", () => actions.dispatch("transcript"));
  const language = control("language", () => actions.dispatch("openLanguage"));
  const settings = control("settings", () => actions.dispatch("openSettings"));
  const end = html("button", { type: "button", class: "control end", "aria-label": t("page.endConversation.button"), title: t("dock.endTitle"), onclick: () => actions.dispatch("askLeave") }, icon("end"), html("span", {}, t("dock.end.button")));
  const element = html("div", { class: "dock", role: "toolbar", "aria-label": t("dock.label") }, microphone, camera, captions, transcript, language, settings, end);

  const wanted = wantedControls({ microphone: [microphone], camera: [camera], captions: [captions, transcript], language: [language], close: [end] });
  hideWhenIdle(element, gone);

  // The ring about the microphone shows that it hears; it is not worth a state change at 20 Hz.
  let shownLevel = "";
  const timer = setInterval(() => {
    const level = element.hidden || document.hidden ? "0" : actions.level().toFixed(1);
    if (level === shownLevel) return;
    shownLevel = level;
    microphone.style.setProperty("--level", level);
  }, LEVEL_MS);
  gone.addEventListener("abort", () => clearInterval(timer));

  /** @param {HTMLButtonElement} target @param {string} symbol @param {string} label */
  const name = (target, symbol, label) => {
    if (target.getAttribute("aria-label") === label) return;
    target.setAttribute("aria-label", label);
    target.title = label;
    target.replaceChildren(icon(symbol));
  };
  /** @param {HTMLButtonElement} target @param {string} symbol @param {string} label @param {boolean} pressed */
  const show = (target, symbol, label, pressed) => {
    target.setAttribute("aria-pressed", String(pressed));
    name(target, symbol, label);
  };
  name(language, "globe", t("comfort.language.button"));
  name(settings, "settings", t("comfort.open.button"));
  return {
    element,
    /** @param {State} state */
    update(state) {
      element.hidden = state.screen !== "call" || !wanted(state.controls);
      element.classList.toggle("auto-hide", state.controls.autoHide);
      const live = state.microphone === "live";
      microphone.disabled = state.microphone === "absent" || state.microphone === "off";
      show(microphone, live ? "microphone" : "microphoneOff", t(`dock.microphone.${state.microphone}`), state.microphone === "muted");
      microphone.dataset.state = state.microphone === "off" ? "absent" : state.microphone;
      if (state.camera === "absent") camera.hidden = true;
      if (state.languages.length < 2) language.hidden = true;
      show(camera, state.camera === "on" ? "camera" : "cameraOff", cameraLabel(state.camera), state.camera === "off");
      camera.dataset.state = state.camera;
      show(captions, "captions", t(state.captions ? "dock.hideCaptions.button" : "dock.showCaptions.button"), state.captions);
      show(transcript, "transcript", t(state.transcript ? "page.hideTranscript.button" : "dock.showTranscript.button"), state.transcript);
    },
  };
}

/** What the button does. @param {State["camera"]} camera */
function cameraLabel(camera) {
  if (camera === "on") return t("page.turnCameraOff.button");
  return t(camera === "off" ? "page.turnCameraOn.button" : `dock.camera.${camera}`);
}

/**
 * The customer chooses among the buttons by the contract's names (§2.6). The settings are there for who needs them, as long as the bar is.
 * @param {Record<string, HTMLElement[]>} named
 * @returns {(controls: import("./types.js").Controls) => boolean} shows the chosen ones; false when none is left
 */
function wantedControls(named) {
  return ({ shown, buttons }) => {
    const names = Object.keys(named).filter((name) => shown && (buttons === null || buttons.includes(name)));
    for (const [name, elements] of Object.entries(named)) for (const element of elements) element.hidden = !names.includes(name);
    return names.length > 0;
  };
}

/**
 * Marks the bar as idle when nobody has moved for a while; the style sheet hides it then, where the customer wants that.
 * @param {HTMLElement} bar
 * @param {AbortSignal} gone
 */
function hideWhenIdle(bar, gone) {
  let timer = 0;
  const wake = () => {
    bar.classList.remove("idle");
    clearTimeout(timer);
    timer = setTimeout(() => bar.classList.add("idle"), IDLE_MS);
  };
  for (const sign of ["pointermove", "pointerdown", "keydown"]) addEventListener(sign, wake, { passive: true, signal: gone });
  wake();
}
