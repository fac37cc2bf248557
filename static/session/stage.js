// @ts-check
/** The picture: avatar, what it is doing, captions, self-view and the controls of the call. */

import "./avatar/element.js";
import { html, setText } from "../shared/dom.js";
import { checkView } from "./check.js";
import { documentPlace } from "./document_place.js";
import { openCheck } from "./check_state.js";
import { icon } from "./icons.js";
import { currentCaption, doing, mood } from "./state.js";
import { CAMERA_LABELS, CHECK, MICROPHONE_LABELS, NOTICES, STATE_HINTS } from "./texts.js";

/** @typedef {import("./state.js").State} State */

/** How often the ring about the microphone button follows the voice. */
const LEVEL_MS = 60;

/** How long the bar stays after the last movement, where it hides by itself. */
const IDLE_MS = 4_000;

/**
 * @param {import("./panels.js").Actions} actions
 * @param {(nowMs: number) => import("./avatar/visemes.js").Mouth | null} mouthAt
 * @returns {{element: HTMLElement, update: (state: State) => void}}
 */
export function stage(actions, mouthAt) {
  const avatar = /** @type {import("./avatar/element.js").AvatarElement} */ (document.createElement("visavis-avatar"));
  avatar.mouthSource = mouthAt;
  const nameplate = html("p", { class: "nameplate" });
  const hint = html("p", { class: "hint", role: "status" }, html("span", { class: "hint-mark", "aria-hidden": "true" }, html("i"), html("i"), html("i")), html("span", { class: "hint-text" }));
  const looking = html("p", { class: "looking", role: "status" });
  const banner = html("div", { class: "banner", role: "status" });
  const caption = html("p", { class: "caption", dir: "auto", "aria-hidden": "true" });
  const self = html("video", { class: "self", autoplay: true, muted: true, playsInline: true, "aria-label": "Your camera" });
  const sound = html("button", { type: "button", class: "button primary sound", onclick: actions.playSound }, icon("sound"), "Tap to hear");
  const controls = dock(actions);
  const check = checkView(actions);
  const scan = documentPlace(actions);
  const element = html(
    "section",
    { class: "stage", "aria-label": "Avatar", tabIndex: -1 },
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
      avatar.setAttribute("aria-label", `${name}, an AI avatar`);
      avatar.mood = mood(state);
      nameplate.replaceChildren(html("strong", {}, name), html("span", {}, "AI avatar"));
      const inCall = state.screen === "call";
      element.dataset.doing = doing(state);
      hint.hidden = !inCall;
      setText(/** @type {HTMLElement} */ (hint.lastElementChild), STATE_HINTS[doing(state)] ?? "");
      showBanner(banner, state);
      const line = inCall ? currentCaption(state) : null;
      caption.hidden = !line;
      caption.classList.toggle("mine", line?.speaker === "user");
      setText(caption, line ? (line.speaker === "user" ? `You: ${line.text}` : line.text) : "");
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
  const text = screen === "call" && check?.purpose === "portrait" ? CHECK.looking(camera === "on") : "";
  sign.hidden = !text;
  if (sign.textContent === text) return;
  sign.replaceChildren(...(text ? [icon(camera === "on" ? "camera" : "cameraOff"), html("span", {}, text)] : []));
}

/** @param {HTMLElement} banner @param {State} state */
function showBanner(banner, state) {
  const reconnecting = state.screen === "call" && state.link === "reconnecting";
  const title = reconnecting ? `Connection lost. Reconnecting${state.attempt > 1 ? `, attempt ${state.attempt} of 6` : ""}…` : "";
  const known = state.notice === "camera_lost" && openCheck(state) !== null; // The check says so itself.
  const notice = state.screen === "call" && state.notice && !known ? (NOTICES[state.notice] ?? state.notice) : "";
  banner.hidden = !(title || notice);
  const text = title ? "Your answers are safe. We go on where we stopped." : notice;
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
 */
function dock(actions) {
  /** @param {string} name @param {() => void} press */
  const control = (name, press) => html("button", { type: "button", class: `control ${name}`, onclick: press });
  const microphone = control("microphone", actions.toggleMicrophone);
  const camera = control("camera", () => (camera.dataset.state === "lost" ? actions.openCamera() : actions.toggleCamera()));
  const captions = control("captions", () => actions.dispatch("captions"));
  const transcript = control("transcript", () => actions.dispatch("transcript"));
  const end = html("button", { type: "button", class: "control end", "aria-label": "End conversation", title: "End conversation (Esc)", onclick: () => actions.dispatch("askLeave") }, icon("end"), html("span", {}, "End"));
  const element = html("div", { class: "dock", role: "toolbar", "aria-label": "Conversation controls" }, microphone, camera, captions, transcript, end);

  const wanted = wantedControls({ microphone: [microphone], camera: [camera], captions: [captions, transcript], close: [end] });
  hideWhenIdle(element);

  // The ring about the microphone shows that it hears; it is not worth a state change at 20 Hz.
  let shownLevel = "";
  setInterval(() => {
    const level = element.hidden || document.hidden ? "0" : actions.level().toFixed(1);
    if (level === shownLevel) return;
    shownLevel = level;
    microphone.style.setProperty("--level", level);
  }, LEVEL_MS);

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
      show(microphone, live ? "microphone" : "microphoneOff", MICROPHONE_LABELS[state.microphone], state.microphone === "muted");
      microphone.dataset.state = state.microphone === "off" ? "absent" : state.microphone;
      if (state.camera === "absent") camera.hidden = true;
      show(camera, state.camera === "on" ? "camera" : "cameraOff", CAMERA_LABELS[state.camera], state.camera === "off");
      camera.dataset.state = state.camera;
      show(captions, "captions", state.captions ? "Hide captions" : "Show captions", state.captions);
      show(transcript, "transcript", state.transcript ? "Hide transcript" : "Show transcript", state.transcript);
    },
  };
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
 */
function hideWhenIdle(bar) {
  let timer = 0;
  const wake = () => {
    bar.classList.remove("idle");
    clearTimeout(timer);
    timer = setTimeout(() => bar.classList.add("idle"), IDLE_MS);
  };
  for (const sign of ["pointermove", "pointerdown", "keydown"]) addEventListener(sign, wake, { passive: true });
  wake();
}
