// @ts-check
/**
 * What the page shows, as one value, and how each event changes it. Pure.
 *
 * The handlers here are those of the welcome and of the end; `device_state.js` and `call_state.js` add theirs with the parts of the page they are for.
 */

import { USUAL_COMFORT } from "./comfort.js";

/** @typedef {import("./types.js").State} State */

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
  recordable: [],
  recordingAgreed: false,
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
  agent: Object.freeze({ mode: "none", name: "" }),
  recording: "off",
  recordingAsked: false,
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

/** @type {import("./types.js").Handlers} */
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
  recordingChoice: (_state, { agreed }) => ({ recordingAgreed: agreed }),
  comfort: (state, { change }) => ({ comfort: { ...state.comfort, ...change } }),
  language: (_state, { language }) => ({ language }),
  askLeave: (state) => (state.screen === "call" || state.screen === "connecting" ? { leaveAsked: true } : {}),
  askDecline: (state) => (state.screen === "welcome" ? { leaveAsked: true } : {}),
  stay: () => ({ leaveAsked: false }),
};

/**
 * @param {import("./types.js").Handlers} handlers by type of event
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
 * @returns {State["avatar"] | "answering" | "reconnecting" | "resting"} "answering": a card is open
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
