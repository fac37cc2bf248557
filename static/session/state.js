// @ts-check
/**
 * What the page shows, as one value, and how each event changes it. Pure.
 *
 * The handlers here are those of the welcome and of the end; `device_state.js` and `call_state.js` add theirs with the parts of the page they are for.
 */

import { USUAL_COMFORT } from "./comfort.js";

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
 * @property {import("./device_state.js").Choices} choices devices that can be chosen
 * @property {import("./device_state.js").Chosen} chosen devices in use
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
  choices: Object.freeze({ microphone: [], camera: [], speaker: [] }),
  chosen: Object.freeze({ microphone: "", camera: "", speaker: "" }),
  preflight: Object.freeze({ microphone: "waiting", camera: "waiting", connection: "waiting" }),
  settingsOpen: null,
  handoff: null,
  leaveAsked: false,
  soundBlocked: false,
  notice: null,
  outcome: null,
  stop: null,
});

/** Notices that stay while the talk goes on. */
export const LASTING_NOTICES = new Set(["lost", "revoked", "interrupted"].flatMap((what) => [`microphone_${what}`, `camera_${what}`]));

/** @typedef {Readonly<Record<string, (state: State, event: any) => Partial<State>>>} Handlers */

/** @type {Handlers} */
export const HANDLERS = {
  // From the server by HTTP.
  loaded: ({ language, comfort, choices, chosen }, opening) => ({ ...INITIAL, screen: "welcome", language, comfort, choices, chosen, ...opening }),
  stopped: (_state, { code, retryAt = null }) => ({ screen: "stopped", link: "off", leaveAsked: false, settingsOpen: null, stop: { code, retryAt } }),
  finished: (_state, { status, reason }) => ({
    screen: "ended", link: "off", leaveAsked: false, settingsOpen: null, handoff: null, input: null, permissions: null, check: null, documentCamera: null, outcome: { status, reason },
  }),

  // What the person presses.
  fetching: () => ({ screen: "loading" }),
  asking: () => ({ screen: "asking", deviceProblem: null }),
  deviceProblem: (_state, { problem }) => ({ screen: "welcome", deviceProblem: problem }),
  agreed: () => ({ consentWanted: false }),
  comfort: (state, { change }) => ({ comfort: { ...state.comfort, ...change } }),
  language: (_state, { language }) => ({ language }),
  askLeave: (state) => (state.screen === "call" || state.screen === "connecting" ? { leaveAsked: true } : {}),
  askDecline: (state) => (state.screen === "welcome" ? { leaveAsked: true } : {}),
  stay: () => ({ leaveAsked: false }),
};

/**
 * @param {Handlers} handlers by type of event
 * @returns {(state: State, event: {type: string} & Record<string, any>) => State} an event that has no handler changes nothing
 */
export const reducer = (handlers) => (state, event) => {
  const handler = handlers[event.type];
  return handler ? { ...state, ...handler(state, event) } : state;
};

/**
 * What will be spoken, and once the call has begun is: the language of the page where the server speaks it.
 * @param {Pick<State, "screen" | "session" | "language" | "spoken">} state
 */
export function spokenLanguage({ screen, session, language, spoken }) {
  const known = session?.language ?? language;
  return screen !== "call" && spoken.includes(language) ? language : known;
}

/** Reasons to stop that are none to worry about. */
const ELSEWHERE = new Set(["replaced", "handed_over"]);

/** Whether the session goes on somewhere else. @param {string} code why the page stopped */
export const isElsewhere = (code) => ELSEWHERE.has(code);

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
