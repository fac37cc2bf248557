// @ts-check
/** The panel beside the portrait before and after the call. Each function builds one; `update` shows a newer state. */

import { html } from "../shared/dom.js";
import { icon } from "./icons.js";
import { MOST_ATTEMPTS } from "./peer.js";
import { spokenName, t } from "./strings.js";
import { customText, ending, stopped } from "./texts.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {{element: HTMLElement, update?: (state: State) => void}} Panel
 *
 * @typedef {object} Actions what the person can do
 * @property {() => void} allow
 * @property {() => void} typeOnly
 * @property {() => void} start
 * @property {() => void} begin into the call without devices; the flow asks for them
 * @property {() => void} allowDevices
 * @property {() => void} declineDevices
 * @property {() => void} toggleMicrophone
 * @property {() => void} toggleCamera
 * @property {() => void} openCamera a camera that was not to be had before, or was pulled out
 * @property {() => void} cancelCheck
 * @property {() => void} toggleSoundGuide
 * @property {() => void} allowFlash
 * @property {() => void} refuseFlash
 * @property {(startedMs: number | null) => void} flashPlayed
 * @property {import("./documents.js").Documents} documents
 * @property {() => void} leave
 * @property {() => void} retry
 * @property {() => void} playSound
 * @property {(text: string) => boolean} sendText
 * @property {(value: string) => boolean} sendInput
 * @property {() => boolean} cancelInput
 * @property {() => boolean} resendCode
 * @property {(requestId: string) => void} inputUnanswered
 * @property {(type: string) => void} dispatch
 * @property {(id: string) => void} chooseLanguage of the page's texts
 * @property {() => number} level of the microphone, 0 to 1
 * @property {() => MediaStream | null} stream
 * @property {() => string} askedBy
 * @property {() => HTMLElement} brand the logo of the page around this one, hidden when there is none
 * @property {() => number} now milliseconds
 */

/** Reasons to stop that another try does not help against. */
const FINAL_STOPS = new Set(["link_missing", "client_secret_unknown", "client_secret_expired", "unsupported"]);

/** @param {string} text @param {() => void} press @param {"primary" | "secondary" | "quiet"} [rank] */
const button = (text, press, rank = "primary") => html("button", { type: "button", class: `button ${rank}`, onclick: press }, text);

/** @param {string} text */
const heading = (text) => html("h1", { tabIndex: -1 }, text);

/**
 * @param {string} symbol
 * @param {string} title
 * @param {string} text
 */
const fact = (symbol, title, text) =>
  html("li", {}, html("span", { class: "fact-icon" }, icon(symbol)), html("span", {}, html("strong", {}, title), html("span", { class: "soft" }, text)));

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

/** @param {State} state @param {Actions} actions @returns {Panel} */
export function welcomePanel(state, actions) {
  const { name } = state.persona;
  const { rejoining } = state;
  const spoken = state.session?.language ?? state.language;
  const host = actions.askedBy();
  const text = (/** @type {string} */ key, /** @type {string} */ usual) => customText(state.welcome, key, state.language) || usual;
  const problem = state.deviceProblem;
  const canRetry = state.deviceProblem !== "insecure" && state.deviceProblem !== "embed_denied";
  const later = state.asksPermissions && !problem;
  const again = problem ? t("page.tryAgain.button") : rejoining ? t("welcome.rejoin.button") : text("buttonText", t(later ? "page.startConversation.button" : "welcome.continue.button"));
  const allow = button(again, later ? actions.begin : actions.allow);
  const type = button(t(problem ? "welcome.typing.button" : "welcome.withoutMicrophone.button"), actions.typeOnly, problem && !canRetry ? "primary" : "secondary");
  const own = button(t("welcome.ownWindow.button"), () => void window.open(location.href, "_blank", "noopener"), "secondary");
  const element = html(
    "div",
    { class: "panel-body" },
    actions.brand(),
    host && html("p", { class: "asked-by" }, icon("shield"), html("span", {}, `${t("welcome.requestedBy")} `, html("strong", {}, host))),
    heading(rejoining ? t("welcome.rejoinHeading") : text("mainHeading", t("welcome.heading", { name }))),
    html("p", { class: "lead" }, rejoining ? t("welcome.rejoinLead") : text("subheading", t("welcome.lead", { name }))),
    problem && html("div", { class: "help", role: "alert" }, icon("alert"), html("span", {}, html("strong", {}, t(`microphoneProblem.${problem}.title`)), html("span", { class: "soft" }, t(`microphoneProblem.${problem}.help`)))),
    html(
      "ul",
      { class: "facts" },
      fact("spark", t("welcome.aiTitle", { name }), t("welcome.aiText")),
      !problem && fact("microphone", t("welcome.devicesTitle"), t(later ? "welcome.devicesLater" : "welcome.devicesText", { name })),
      fact("keyboard", t("welcome.waysTitle"), t("welcome.waysText")),
      spoken !== state.language && fact("sound", t("welcome.spokenTitle", { language: spokenName(spoken) }), t("welcome.spokenIn", { name })),
    ),
    html("div", { class: "actions" }, canRetry && allow, state.deviceProblem === "embed_denied" && own, !later && type),
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

/** @param {State} state @param {Actions} actions @returns {Panel} */
export function readyPanel(state, actions) {
  const heard = html("p", { class: "heard", role: "status" }, t("ready.sayWords"));
  const meter = /** @type {import("./meter.js").LevelMeterElement} */ (document.createElement("level-meter"));
  meter.setAttribute("aria-label", t("ready.level"));
  meter.source = actions.level;
  meter.onheard = () => {
    heard.classList.add("yes");
    heard.replaceChildren(icon("check"), t("ready.heard"));
  };
  const video = html("video", { class: "preview-video", autoplay: true, muted: true, playsInline: true, "aria-label": t("page.yourCamera") });
  video.srcObject = actions.stream();
  const toggle = html("button", { type: "button", class: "chip-button", onclick: actions.toggleCamera });
  const covered = html("p", { class: "preview-off" }, icon("cameraOff"), t("ready.cameraOff"));
  const lead = html("p", { class: "lead" });
  const preview = html("div", { class: "preview" }, video, covered, toggle);
  const element = html(
    "div",
    { class: "panel-body" },
    heading(t("ready.heading")),
    lead,
    preview,
    html("div", { class: "meter-row" }, icon("microphone"), meter),
    heard,
    html("div", { class: "actions" }, button(t("page.startConversation.button"), actions.start), button(t("ready.typeInstead.button"), actions.typeOnly, "secondary")),
  );
  return {
    element,
    update({ camera }) {
      preview.dataset.camera = camera;
      preview.hidden = camera === "absent" || camera === "lost";
      lead.textContent = t(preview.hidden ? "ready.leadWithoutCamera" : "ready.lead");
      toggle.replaceChildren(icon(camera === "on" ? "camera" : "cameraOff"), t(camera === "on" ? "page.turnCameraOff.button" : "page.turnCameraOn.button"));
    },
  };
}

/** @param {State} state @returns {Panel} */
export function connectingPanel(state) {
  const lead = html("p", { class: "lead" });
  return {
    element: html("div", { class: "panel-body centred" }, html("div", { class: "pulse", "aria-hidden": "true" }), heading(t("connecting.heading", { name: state.persona.name })), lead),
    update({ attempt }) {
      lead.textContent = attempt > 1 ? t("connecting.again", { attempt, most: MOST_ATTEMPTS }) : t("connecting.lead");
    },
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
  const symbol = code === "busy" || code === "client_secret_expired" ? "clock" : code === "replaced" ? "window" : code.startsWith("client_secret") || code === "link_missing" ? "link" : "alert";
  const countdown = html("p", { class: "countdown", role: "timer" });
  const element = html(
    "div",
    { class: "panel-body centred" },
    html("div", { class: "seal calm" }, icon(symbol)),
    heading(title),
    html("p", { class: "lead" }, text),
    retryAt !== null && countdown,
    !FINAL_STOPS.has(code) && html("div", { class: "actions" }, button(t(code === "replaced" ? "stop.takeBack.button" : "page.tryAgain.button"), actions.retry)),
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
