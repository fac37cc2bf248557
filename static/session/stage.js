// @ts-check
/** The picture: avatar, what it is doing, captions, self-view and the controls of the call. */

import { html, setText } from "../shared/dom.js";
import { checkView } from "./check.js";
import { documentPlace } from "./document_place.js";
import { openCheck } from "./check_state.js";
import { icon } from "./icons.js";
import { MOST_ATTEMPTS } from "./peer.js";
import { currentCaption, doing, mood } from "./state.js";
import { has, t } from "./strings.js";
import { optional } from "./texts.js";

/** @typedef {import("./state.js").State} State */

/** How often the ring about the microphone button follows the voice. */
const LEVEL_MS = 60;

/** How long the bar stays after the last movement, where it hides by itself. */
const IDLE_MS = 4_000;

/**
 * @param {import("./avatar/element.js").AvatarElement} avatar
 * @param {import("./panels.js").Actions} actions
 * @param {AbortSignal} gone the view is taken away
 * @returns {{element: HTMLElement, update: (state: State) => void}}
 */
export function stage(avatar, actions, gone) {
  const nameplate = html("p", { class: "nameplate" });
  const hint = html("p", { class: "hint", role: "status" }, html("span", { class: "hint-mark", "aria-hidden": "true" }, html("i"), html("i"), html("i")), html("span", { class: "hint-text" }));
  const looking = html("p", { class: "looking", role: "status" });
  const banner = html("div", { class: "banner", role: "status" });
  const caption = html("p", { class: "caption", dir: "auto", "aria-hidden": "true" });
  const self = html("video", { class: "self", autoplay: true, muted: true, playsInline: true, "aria-label": t("page.yourCamera") });
  const sound = html("button", { type: "button", class: "button primary sound", onclick: actions.playSound }, icon("sound"), t("call.tapToHear.button"));
  const controls = dock(actions, gone);
  const check = checkView(actions);
  const scan = documentPlace(actions, gone);
  const element = html(
    "section",
    { class: "stage", "aria-label": t("page.avatar"), tabIndex: -1 },
    html("div", { class: "arch", "aria-hidden": "true" }),
    avatar,
    html("div", { class: "stage-top" }, html("div", { class: "plates" }, nameplate, hint, looking), self),
    check.element,
    scan.element,
    banner,
    html("div", { class: "stage-bottom" }, sound, caption, controls.element),
  );

  return {
    element,
    update(state) {
      const { name, persona } = state.persona;
      if (avatar.getAttribute("persona") !== persona) avatar.setAttribute("persona", persona);
      avatar.setAttribute("aria-label", t("page.avatarNamed", { name }));
      avatar.mood = mood(state);
      nameplate.replaceChildren(html("strong", {}, name), html("span", {}, t("page.avatarKind")));
      const inCall = state.screen === "call";
      element.dataset.doing = doing(state);
      hint.hidden = !inCall;
      setText(/** @type {HTMLElement} */ (hint.lastElementChild), optional(`doing.${doing(state)}`));
      showBanner(banner, state);
      const line = inCall ? currentCaption(state) : null;
      caption.hidden = !line;
      caption.classList.toggle("mine", line?.speaker === "user");
      setText(caption, line ? (line.speaker === "user" ? t("call.ownCaption", { text: line.text }) : line.text) : "");
      sound.hidden = !(inCall && state.soundBlocked);
      self.hidden = !(inCall && state.camera === "on") || openCheck(state) !== null;
      if (!self.hidden && self.srcObject !== actions.stream()) self.srcObject = actions.stream();
      showLooking(looking, state);
      check.update(state);
      scan.update(state);
      controls.update(state);
    },
  };
}

/** A portrait is taken by the way: a small sign says so. @param {HTMLElement} sign @param {State} state */
function showLooking(sign, { screen, check, camera }) {
  const text = screen === "call" && check?.purpose === "portrait" ? t(camera === "on" ? "check.looking" : "ready.cameraOff") : "";
  sign.hidden = !text;
  if (sign.textContent === text) return;
  sign.replaceChildren(...(text ? [icon(camera === "on" ? "camera" : "cameraOff"), html("span", {}, text)] : []));
}

/** @param {HTMLElement} banner @param {State} state */
function showBanner(banner, state) {
  const reconnecting = state.screen === "call" && state.link === "reconnecting";
  const title = !reconnecting ? "" : state.attempt > 1 ? t("call.reconnectingAgain", { attempt: state.attempt, most: MOST_ATTEMPTS }) : t("call.reconnecting");
  const known = state.notice === "camera_lost" && openCheck(state) !== null; // The check says so itself.
  const notice = state.screen === "call" && state.notice && !known ? (has(`notice.${state.notice}`) ? t(`notice.${state.notice}`) : state.notice) : "";
  banner.hidden = !(title || notice);
  const text = title ? t("call.answersSafe") : notice;
  const key = `${title}${text}`;
  if (banner.dataset.key === key) return;
  banner.dataset.key = key;
  banner.replaceChildren();
  if (title) banner.append(html("span", { class: "spinner", "aria-hidden": "true" }), html("span", {}, html("strong", {}, title), html("span", { class: "soft" }, text)));
  else if (notice) banner.append(icon("alert"), html("span", {}, notice));
}

/**
 * The bar of buttons.
 * @param {import("./panels.js").Actions} actions
 * @param {AbortSignal} gone
 */
function dock(actions, gone) {
  /** @param {string} name @param {() => void} press */
  const control = (name, press) => html("button", { type: "button", class: `control ${name}`, onclick: press });
  const microphone = control("microphone", actions.toggleMicrophone);
  const camera = control("camera", () => (camera.dataset.state === "lost" ? actions.openCamera() : actions.toggleCamera()));
  const captions = control("captions", () => actions.dispatch("captions"));
  const transcript = control("transcript", () => actions.dispatch("transcript"));
  const end = html("button", { type: "button", class: "control end", "aria-label": t("page.endConversation.button"), title: t("dock.endTitle"), onclick: () => actions.dispatch("askLeave") }, icon("end"), html("span", {}, t("dock.end.button")));
  const element = html("div", { class: "dock", role: "toolbar", "aria-label": t("dock.label") }, microphone, camera, captions, transcript, end);

  const wanted = wantedControls({ microphone: [microphone], camera: [camera], captions: [captions, transcript], close: [end] });
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

  /** @param {HTMLButtonElement} target @param {string} symbol @param {string} label @param {boolean} pressed */
  const show = (target, symbol, label, pressed) => {
    target.setAttribute("aria-pressed", String(pressed));
    if (target.getAttribute("aria-label") === label) return;
    target.setAttribute("aria-label", label);
    target.title = label;
    target.replaceChildren(icon(symbol));
  };
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
 * The customer chooses among the buttons by the contract's names; `language` has none here, as the page speaks one language.
 * @param {Record<string, HTMLElement[]>} named
 * @returns {(controls: import("./state.js").Controls) => boolean} shows the chosen ones; false when none is left
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
