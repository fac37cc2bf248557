// @ts-check
/** What the page shows, as one value, and how each event changes it. Pure. */

import { avatarChanged, CHECK_HANDLERS, staleCheck } from "./check_state.js";
import { USUAL_COMFORT } from "./comfort.js";
import { DOCUMENT_HANDLERS } from "./document_state.js";
import { NOT_CHECKED, PREFLIGHT_HANDLERS } from "./preflight_state.js";
import { REQUEST_HANDLERS, stale } from "./requests.js";
import { NO_CHOICES, NOTHING_CHOSEN, SETTINGS_HANDLERS } from "./settings_state.js";

/**
 * @typedef {"loading" | "welcome" | "asking" | "ready" | "connecting" | "call" | "ended" | "stopped"} Screen
 * @typedef {"off" | "connecting" | "open" | "reconnecting"} Link
 * @typedef {"idle" | "listening" | "hearing" | "thinking" | "speaking" | "waiting"} AvatarState
 * @typedef {{id: string, speaker: "avatar" | "user", text: string, final: boolean, typed: boolean}} Line
 * @typedef {{shown: boolean, buttons: string[] | null, autoHide: boolean}} Controls `buttons`: names of the contract, null = all that apply
 *
 * @typedef {"denied" | "embed_denied" | "missing" | "in_use" | "unsuitable" | "insecure" | "failed"} DeviceProblem
 *
 * @typedef {object} State
 * @property {Screen} screen
 * @property {Link} link
 * @property {number} attempt which reconnection attempt runs, from 1
 * @property {AvatarState} avatar
 * @property {{id: string, language: string} | null} session
 * @property {{name: string, persona: string}} persona
 * @property {string} language of the page's texts
 * @property {string[]} spoken ids of the languages in which this conversation can be held
 * @property {string[]} languages ids of those that may be chosen
 * @property {boolean} consentWanted what is agreed to by going on is said, and told to the server
 * @property {boolean} rejoining the session went on before this page was opened
 * @property {Record<string, any>} welcome texts of the permissions page that the customer chose
 * @property {"off" | "live" | "muted" | "absent"} microphone
 * @property {"off" | "on" | "absent" | "lost"} camera "lost": pulled out during the call
 * @property {DeviceProblem | null} deviceProblem
 * @property {DeviceProblem | null} cameraProblem why a camera could not be opened during the call
 * @property {Controls} controls what the customer wants of the bar of buttons
 * @property {boolean} captions
 * @property {boolean} transcript whether the panel is open
 * @property {Line[]} lines
 * @property {boolean} typingOffered
 * @property {boolean} asksPermissions the flow asks for the devices itself, during the call
 * @property {import("./requests.js").InputRequest | null} input
 * @property {import("./requests.js").PermissionsRequest | null} permissions
 * @property {import("./check_state.js").Check | null} check
 * @property {boolean | null} flashAllowed what the person said about flashing light; null = not asked yet
 * @property {boolean} soundGuide tones that lead the face into the oval, or a document into the frame
 * @property {import("./document_state.js").DocumentCamera | null} documentCamera null = the camera is for the face
 * @property {import("./comfort.js").Comfort} comfort
 * @property {import("./settings_state.js").Choices} choices devices that can be chosen
 * @property {import("./settings_state.js").Chosen} chosen devices in use
 * @property {import("./preflight_state.js").Preflight} preflight
 * @property {"all" | "language" | null} settingsOpen the sheet, and what it was opened for
 * @property {{picture: string | null, failed: boolean} | null} handoff the link for a phone is shown; `picture` is the address of its code
 * @property {boolean} leaveAsked
 * @property {boolean} soundBlocked the browser wants a touch before it plays sound
 * @property {string | null} notice
 * @property {{status: string, reason: string} | null} outcome
 * @property {{code: string, retryAt: number | null} | null} stop why the page cannot go on; `retryAt` in ms of the same clock as `busy`
 */

/** @type {Readonly<State>} */
export const INITIAL = Object.freeze({
  screen: "loading",
  link: "off",
  attempt: 0,
  avatar: "idle",
  session: null,
  persona: { name: "Ava", persona: "ava" },
  language: "en",
  languages: [],
  spoken: [],
  consentWanted: false,
  rejoining: false,
  welcome: {},
  microphone: "off",
  camera: "off",
  deviceProblem: null,
  cameraProblem: null,
  controls: Object.freeze({ shown: true, buttons: null, autoHide: false }),
  captions: true,
  transcript: true,
  lines: [],
  typingOffered: false,
  asksPermissions: false,
  input: null,
  permissions: null,
  check: null,
  flashAllowed: null,
  soundGuide: false,
  documentCamera: null,
  comfort: USUAL_COMFORT,
  choices: NO_CHOICES,
  chosen: NOTHING_CHOSEN,
  preflight: NOT_CHECKED,
  settingsOpen: null,
  handoff: null,
  leaveAsked: false,
  soundBlocked: false,
  notice: null,
  outcome: null,
  stop: null,
});

/** Lines kept in the transcript; a longer talk forgets its beginning here, never on the server. */
const MOST_LINES = 500;

/** Recoverable problems that the catalogues have words for, `notice.…`; the others come with the server's words. */
const WORDED_PROBLEMS = new Set(["speech_not_understood", "speech_unavailable"]);

/** Notices that stay while the talk goes on. */
const LASTING_NOTICES = new Set(["lost", "revoked", "interrupted"].flatMap((what) => [`microphone_${what}`, `camera_${what}`]));

/** The call cannot change any more. @param {State} state */
const over = (state) => state.screen === "ended" || state.screen === "stopped";

/**
 * @param {State} state
 * @param {{type: string} & Record<string, any>} event
 * @returns {State}
 */
export function reduce(state, event) {
  const handler = HANDLERS[event.type];
  return handler ? { ...state, ...handler(state, event) } : state;
}

/**
 * @param {Line[]} lines
 * @param {Line} line
 */
function withLine(lines, line) {
  const index = lines.findIndex((known) => known.id === line.id && known.speaker === line.speaker);
  if (index >= 0) return lines.map((known, at) => (at === index ? line : known));
  return [...lines, line].slice(-MOST_LINES);
}

/** @type {Record<string, (state: State, event: any) => Partial<State>>} */
const HANDLERS = {
  ...REQUEST_HANDLERS,
  ...CHECK_HANDLERS,
  ...DOCUMENT_HANDLERS,
  ...PREFLIGHT_HANDLERS,
  ...SETTINGS_HANDLERS,

  // From the server by HTTP.
  loaded: ({ language, comfort, choices, chosen }, opening) => ({ ...INITIAL, screen: "welcome", language, comfort, choices, chosen, ...opening }),
  stopped: (_state, { code, retryAt = null }) => ({ screen: "stopped", link: "off", leaveAsked: false, settingsOpen: null, stop: { code, retryAt } }),

  // Devices.
  asking: () => ({ screen: "asking", deviceProblem: null }),
  devices: (_state, { microphone, camera }) => ({
    screen: "ready", deviceProblem: null, microphone: microphone ? "live" : "absent", camera: camera ? "on" : "absent",
  }),
  deviceProblem: (_state, { problem }) => ({ screen: "welcome", deviceProblem: problem }),
  withoutMicrophone: () => ({ microphone: "absent", camera: "absent", deviceProblem: null, transcript: true, typingOffered: true }),
  microphone: (state, { muted }) => (state.microphone === "absent" ? {} : { microphone: muted ? "muted" : "live" }),
  microphoneLost: () => ({ microphone: "absent", typingOffered: true, notice: "microphone_lost" }),
  microphoneBack: ({ camera }) => ({ microphone: "live", notice: camera === "lost" ? "camera_lost" : null }),
  camera: (state, { on }) => (state.camera === "on" || state.camera === "off" ? { camera: on ? "on" : "off" } : {}),
  cameraLost: ({ notice }) => ({ camera: "lost", cameraProblem: null, documentCamera: null, notice: notice ?? "camera_lost" }),
  cameraBack: ({ notice }) => ({ camera: "on", cameraProblem: null, notice: notice?.startsWith("camera_") ? null : notice }),
  cameraReleased: () => ({ camera: "absent", cameraProblem: null }),
  cameraProblem: (_state, { problem }) => ({ cameraProblem: problem }),

  // The call.
  dialling: (state, { attempt }) =>
    over(state)
      ? {}
      : state.screen === "call"
        ? { link: "reconnecting", attempt }
        : { screen: "connecting", link: "connecting", attempt, session: state.session && { ...state.session, language: spokenLanguage(state) } },
  hello: (state) => (over(state) ? {} : { screen: "call", link: "open", attempt: 0, ...stale(state), ...staleCheck(state) }),
  linkLost: (state) => (over(state) ? {} : { link: "reconnecting", attempt: 0 }),
  linkGivenUp: (state) => (over(state) ? {} : { screen: "stopped", link: "off", stop: { code: "connection_lost", retryAt: null } }),
  state: (state, event) => ({ avatar: event.state, ...avatarChanged(state, event) }),
  caption: (state, { id, speaker, text, final, typed = false }) => ({
    lines: withLine(state.lines, { id, speaker, text, final, typed }),
    notice: LASTING_NOTICES.has(state.notice ?? "") ? state.notice : null, // The talk goes on, so the problem is over.
  }),
  offerTyping: () => ({ typingOffered: true }),
  typed: () => ({ typingOffered: false }),
  problem: (_state, { code, message, recoverable }) =>
    recoverable ? { notice: WORDED_PROBLEMS.has(code) ? code : message || code } : { screen: "stopped", link: "off", stop: { code: "problem", retryAt: null } },
  finished: (_state, { status, reason }) => ({
    screen: "ended", link: "off", leaveAsked: false, settingsOpen: null, handoff: null, input: null, permissions: null, check: null, documentCamera: null, outcome: { status, reason },
  }),
  replaced: () => ({ screen: "stopped", link: "off", leaveAsked: false, settingsOpen: null, stop: { code: "replaced", retryAt: null } }),
  soundBlocked: () => ({ soundBlocked: true }),
  soundPlays: () => ({ soundBlocked: false }),

  // What the person presses.
  language: (_state, { language }) => ({ language }),
  captions: (state) => ({ captions: !state.captions }),
  transcript: (state) => ({ transcript: !state.transcript }),
  askLeave: (state) => (state.screen === "call" || state.screen === "connecting" ? { leaveAsked: true } : {}),
  askDecline: (state) => (state.screen === "welcome" ? { leaveAsked: true } : {}),
  stay: () => ({ leaveAsked: false }),
};

/**
 * What will be spoken, and once the call has begun is: the language of the page where the server speaks it.
 * @param {Pick<State, "screen" | "session" | "language" | "spoken">} state
 */
export function spokenLanguage({ screen, session, language, spoken }) {
  const known = session?.language ?? language;
  return screen !== "call" && spoken.includes(language) ? language : known;
}

/**
 * The line to show over the picture: the newest one, of either side.
 * @param {State} state
 * @returns {Line | null}
 */
export function currentCaption(state) {
  return state.captions ? (state.lines.at(-1) ?? null) : null;
}

/** Whether a card is open that the person answers by hand. @param {State} state */
export const isAsked = ({ input, permissions }) => input !== null || permissions?.card === true;

/**
 * What the page says that is going on.
 * @param {State} state
 * @returns {AvatarState | "answering" | "reconnecting" | "resting"} "answering": a card is open
 */
export function doing(state) {
  if (state.screen !== "call") return "resting";
  if (state.link === "reconnecting") return "reconnecting";
  return state.avatar === "waiting" && isAsked(state) ? "answering" : state.avatar;
}

/**
 * How the avatar behaves.
 * @param {State} state
 * @returns {import("./avatar/life.js").Mood}
 */
export function mood(state) {
  if (state.link === "reconnecting" || state.screen === "stopped") return "away";
  if (state.screen !== "call") return "idle";
  const troubled = state.notice !== null && !LASTING_NOTICES.has(state.notice) && state.avatar !== "speaking";
  return troubled ? "concerned" : state.avatar;
}
