// @ts-check
/** What lies over the picture during the call: what the avatar is doing, captions, self-view, checks, and the bar of buttons. */

import { html, setText } from "../shared/dom.js";
import { currentCaption } from "./call_state.js";
import { optional } from "./call_texts.js";
import { checkView } from "./check.js";
import { openCheck } from "./check_state.js";
import { dock } from "./dock.js";
import { documentPlace } from "./document_place.js";
import { icon } from "./more_icons.js";
import { MOST_ATTEMPTS } from "./peer.js";
import { recordingSign } from "./recording_view.js";
import { doing } from "./state.js";
import { has, languageTag, t } from "./strings.js";

/** @typedef {import("./types.js").State} State */

/**
 * @param {import("./stage.js").Stage} stage what it is put over
 * @param {import("./types.js").Actions} actions
 * @param {AbortSignal} gone the view is taken away
 * @returns {(state: State) => void} shows a state
 */
export function callPicture(stage, actions, gone) {
  const hint = html("p", { class: "hint", role: "status" }, html("span", { class: "hint-mark", "aria-hidden": "true" }, html("i"), html("i"), html("i")), html("span", { class: "hint-text" }));
  const looking = html("p", { class: "looking", role: "status" });
  const company = html("p", { class: "looking company", role: "status" });
  const recording = recordingSign(actions);
  const banner = html("div", { class: "banner", role: "status" });
  const caption = html("p", { class: "caption", dir: "auto", "aria-hidden": "true" });
  const self = html("video", { class: "self", autoplay: true, muted: true, playsInline: true, "aria-label": t("page.yourCamera") });
  const sound = html("button", { type: "button", class: "button primary sound", onclick: actions.playSound }, icon("sound"), t("call.tapToHear.button"));
  const controls = dock(actions, gone);
  const check = checkView(actions);
  const scan = documentPlace(actions, gone);
  stage.plates.append(hint, looking, company, ...recording.elements);
  stage.top.append(self);
  stage.element.append(check.element, scan.element, banner, html("div", { class: "stage-bottom" }, sound, caption, controls.element));

  return (state) => {
    const inCall = state.screen === "call";
    hint.hidden = !inCall;
    setText(/** @type {HTMLElement} */ (hint.lastElementChild), optional(`doing.${doing(state)}`));
    showBanner(banner, state);
    const line = inCall ? currentCaption(state) : null;
    caption.hidden = !line;
    caption.lang = languageTag(state.session?.language);
    caption.classList.toggle("mine", line?.speaker === "user");
    setText(caption, line ? (line.speaker === "user" ? t("call.ownCaption", { text: line.text }) : line.text) : "");
    sound.hidden = !(inCall && state.soundBlocked);
    self.hidden = !(inCall && state.camera === "on") || openCheck(state) !== null;
    if (!self.hidden && self.srcObject !== actions.stream()) self.srcObject = actions.stream();
    showLooking(looking, state);
    showCompany(company, state);
    recording.update(state);
    check.update(state);
    scan.update(state);
    controls.update(state);
  };
}

/** A portrait is taken by the way: a small sign says so. @param {HTMLElement} sign @param {State} state */
function showLooking(sign, { screen, check, camera }) {
  const text = screen === "call" && check?.purpose === "portrait" ? t(camera === "on" ? "check.looking" : "ready.cameraOff") : "";
  showSign(sign, text, camera === "on" ? "camera" : "cameraOff");
}

/** Somebody from the support team sees and hears the person, or talks to them. @param {HTMLElement} sign @param {State} state */
function showCompany(sign, { screen, agent }) {
  const text = screen !== "call" || agent.mode === "none" ? "" : t(agent.mode === "speaking" ? "call.agentSpeaking" : "call.agentWatching", { name: agent.name });
  sign.classList.toggle("speaking", agent.mode === "speaking");
  showSign(sign, text, "people");
}

/** @param {HTMLElement} sign @param {string} text @param {Parameters<typeof icon>[0]} picture */
function showSign(sign, text, picture) {
  sign.hidden = !text;
  if (sign.textContent === text) return;
  sign.replaceChildren(...(text ? [icon(picture), html("span", { dir: "auto" }, text)] : []));
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
