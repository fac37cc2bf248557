// @ts-check
/** The panel beside the portrait before and after the call. Each function builds one; `update` shows a newer state. */

import { html } from "../shared/dom.js";
import { icon } from "./icons.js";
import { customText, DEVICE_HELP, ending, STOPS } from "./texts.js";

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
 * @property {() => number} level of the microphone, 0 to 1
 * @property {() => MediaStream | null} stream
 * @property {() => string} askedBy
 * @property {() => number} now milliseconds
 */

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
    html("h1", { class: "visually-hidden", tabIndex: -1 }, "One moment, the conversation is loading"),
    html("div", { class: "bone wide" }), html("div", { class: "bone" }), html("div", { class: "bone" }), html("div", { class: "bone tall" }),
  );
  return { element };
}

/** @param {State} state @param {Actions} actions @returns {Panel} */
export function welcomePanel(state, actions) {
  const { name } = state.persona;
  const language = state.session?.language ?? "en";
  const rejoining = state.rejoining;
  const host = actions.askedBy();
  const text = (/** @type {string} */ key, /** @type {string} */ usual) => customText(state.welcome, key, language) || usual;
  const problem = state.deviceProblem && DEVICE_HELP[state.deviceProblem];
  const canRetry = state.deviceProblem !== "insecure" && state.deviceProblem !== "embed_denied";
  const later = state.asksPermissions && !problem;
  const again = problem ? "Try again" : rejoining ? "Rejoin the conversation" : text("buttonText", later ? "Start the conversation" : "Continue");
  const allow = button(again, later ? actions.begin : actions.allow);
  const type = button(problem ? "Answer by typing" : "Continue without microphone", actions.typeOnly, problem && !canRetry ? "primary" : "secondary");
  const own = button("Open in its own window", () => void window.open(location.href, "_blank", "noopener"), "secondary");
  const element = html(
    "div",
    { class: "panel-body" },
    host && html("p", { class: "asked-by" }, icon("shield"), html("span", {}, "Requested by ", html("strong", {}, host))),
    heading(rejoining ? "Welcome back" : text("mainHeading", `Meet ${name}. A short conversation, face to face.`)),
    html("p", { class: "lead" }, rejoining ? "Your conversation is still open. Pick it up where you left off." : text("subheading", `${name} will ask you a few questions. Answer out loud, or type.`)),
    problem && html("div", { class: "help", role: "alert" }, icon("alert"), html("span", {}, html("strong", {}, problem.title), html("span", { class: "soft" }, problem.help))),
    html(
      "ul",
      { class: "facts" },
      fact("spark", `${name} is an AI avatar`, "Not a person. Software understands what you say and answers."),
      !problem && fact("microphone", "Microphone and camera", later ? `Off for now. ${name} asks you during the conversation and says why.` : "Your browser asks you next. They are on only while this conversation is open."),
      fact("keyboard", "Speaking or typing", "Every question takes either. Switch whenever you like."),
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
      heading("Your browser is asking you"),
      html("p", { class: "lead" }, `Choose “Allow” so that ${state.persona.name} can hear and see you. Nothing is sent before you start.`),
      html("div", { class: "asking-picture", "aria-hidden": "true" }, icon("microphone"), icon("camera")),
    ),
  };
}

/** @param {State} state @param {Actions} actions @returns {Panel} */
export function readyPanel(state, actions) {
  const heard = html("p", { class: "heard", role: "status" }, "Say a few words to test your microphone");
  const meter = /** @type {import("./meter.js").LevelMeterElement} */ (document.createElement("level-meter"));
  meter.setAttribute("aria-label", "Microphone level");
  meter.source = actions.level;
  meter.onheard = () => {
    heard.classList.add("yes");
    heard.replaceChildren(icon("check"), "We can hear you");
  };
  const video = html("video", { class: "preview-video", autoplay: true, muted: true, playsInline: true, "aria-label": "Your camera" });
  video.srcObject = actions.stream();
  const toggle = html("button", { type: "button", class: "chip-button", onclick: actions.toggleCamera });
  const covered = html("p", { class: "preview-off" }, icon("cameraOff"), "Your camera is off");
  const lead = html("p", { class: "lead" });
  const preview = html("div", { class: "preview" }, video, covered, toggle);
  const element = html(
    "div",
    { class: "panel-body" },
    heading("Ready when you are"),
    lead,
    preview,
    html("div", { class: "meter-row" }, icon("microphone"), meter),
    heard,
    html("div", { class: "actions" }, button("Start the conversation", actions.start), button("Type instead", actions.typeOnly, "secondary")),
  );
  return {
    element,
    update({ camera }) {
      preview.dataset.camera = camera;
      preview.hidden = camera === "absent" || camera === "lost";
      lead.textContent = preview.hidden
        ? "There is no camera, and that is fine. Check your microphone; nothing is sent yet."
        : "A quick look at how you come across. Nothing is sent yet.";
      toggle.replaceChildren(icon(camera === "on" ? "camera" : "cameraOff"), camera === "on" ? "Turn camera off" : "Turn camera on");
    },
  };
}

/** @param {State} state @returns {Panel} */
export function connectingPanel(state) {
  const lead = html("p", { class: "lead" });
  return {
    element: html("div", { class: "panel-body centred" }, html("div", { class: "pulse", "aria-hidden": "true" }), heading(`Connecting you with ${state.persona.name}`), lead),
    update({ attempt }) {
      lead.textContent = attempt > 1 ? `This takes longer than usual. Attempt ${attempt} of 6.` : "This takes a second or two.";
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
      said.length > 0 && html("details", { class: "said" }, html("summary", {}, "Read what was said"), html("ol", { class: "lines" }, ...said)),
      html("p", { class: "soft note" }, window.parent === window ? "Microphone and camera are off. You may close this page." : "Microphone and camera are off."),
    ),
  };
}

/** @param {State} state @param {Actions} actions @returns {Panel} */
export function stoppedPanel(state, actions) {
  const { code, retryAt } = state.stop ?? { code: "problem", retryAt: null };
  const stop = STOPS[code] ?? STOPS.problem;
  const symbol = code === "busy" || code === "client_secret_expired" ? "clock" : code === "replaced" ? "window" : code.startsWith("client_secret") || code === "link_missing" ? "link" : "alert";
  const countdown = html("p", { class: "countdown", role: "timer" });
  const element = html(
    "div",
    { class: "panel-body centred" },
    html("div", { class: "seal calm" }, icon(symbol)),
    heading(stop.title),
    html("p", { class: "lead" }, stop.text),
    retryAt !== null && countdown,
    stop.action && html("div", { class: "actions" }, button(stop.action === "takeBack" ? "Continue here instead" : "Try again", actions.retry)),
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
    element.textContent = seconds > 0 ? `Next try in ${seconds} s` : "Trying again";
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
