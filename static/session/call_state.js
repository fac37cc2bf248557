// @ts-check
/** The conversation, and what is asked for during it. Pure, a part of `state.js`. */

import { avatarChanged, CHECK_HANDLERS, staleCheck } from "./check_state.js";
import { DOCUMENT_HANDLERS } from "./document_state.js";
import { REQUEST_HANDLERS, stale } from "./requests.js";
import { LASTING_NOTICES, spokenLanguage } from "./state.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Line} Line */

/** Lines kept in the transcript; a longer talk forgets its beginning here, never on the server. */
const MOST_LINES = 500;

/** Recoverable problems that the catalogues have words for, `notice.…`; the others come with the server's words. */
const WORDED_PROBLEMS = new Set(["speech_not_understood", "speech_unavailable"]);

/** The call cannot change any more. @param {State} state */
const over = (state) => state.screen === "ended" || state.screen === "stopped";

/**
 * @param {Line[]} lines
 * @param {Line} line
 */
function withLine(lines, line) {
  const index = lines.findIndex((known) => known.id === line.id && known.speaker === line.speaker);
  if (index >= 0) return lines.map((known, at) => (at === index ? line : known));
  return [...lines, line].slice(-MOST_LINES);
}

/** @type {import("./types.js").Handlers} */
export const CALL_HANDLERS = {
  ...REQUEST_HANDLERS,
  ...CHECK_HANDLERS,
  ...DOCUMENT_HANDLERS,

  dialling: (state, { attempt }) =>
    over(state)
      ? {}
      : state.screen === "call"
        ? { link: "reconnecting", attempt }
        : { screen: "connecting", link: "connecting", attempt, session: state.session && { ...state.session, language: spokenLanguage(state) } },
  hello: (state) => (over(state) ? {} : { screen: "call", link: "open", attempt: 0, recording: "off", ...stale(state), ...staleCheck(state) }),
  linkLost: (state) => (over(state) ? {} : { link: "reconnecting", attempt: 0 }),
  linkGivenUp: (state) => (over(state) ? {} : { screen: "stopped", link: "off", stop: { code: "connection_lost", retryAt: null } }),
  state: (state, event) => ({ avatar: event.state, ...avatarChanged(state, event) }),
  caption: (state, { id, speaker, text, final, typed = false }) => ({
    lines: withLine(state.lines, { id, speaker, text, final, typed }),
    notice: LASTING_NOTICES.has(state.notice ?? "") ? state.notice : null, // The talk goes on, so the problem is over.
  }),
  agent: (_state, { mode, name }) => ({ agent: { mode, name } }),
  recording: ({ recordingAsked }, event) => ({ recording: event.state, recordingAsked: recordingAsked && event.state === "on" }),
  recordingSaid: ({ recording }) => ({ recording: recording === "erased" ? "off" : recording }),
  askRecording: ({ recording }) => ({ recordingAsked: recording === "on" }),
  keepRecording: () => ({ recordingAsked: false }),
  offerTyping: () => ({ typingOffered: true }),
  typed: () => ({ typingOffered: false }),
  problem: (_state, { code, message, recoverable }) =>
    recoverable ? { notice: WORDED_PROBLEMS.has(code) ? code : message || code } : { screen: "stopped", link: "off", stop: { code: "problem", retryAt: null } },
  replaced: () => ({ screen: "stopped", link: "off", leaveAsked: false, settingsOpen: null, stop: { code: "replaced", retryAt: null } }),
  soundBlocked: () => ({ soundBlocked: true }),
  soundPlays: () => ({ soundBlocked: false }),

  captions: (state) => ({ captions: !state.captions }),
  transcript: (state) => ({ transcript: !state.transcript }),
  openSettings: () => ({ settingsOpen: "all" }),
  openLanguage: () => ({ settingsOpen: "language" }),
  closeSettings: () => ({ settingsOpen: null }),
};

/**
 * The line to show over the picture: the newest one, of either side.
 * @param {State} state
 * @returns {Line | null}
 */
export function currentCaption(state) {
  return state.captions ? (state.lines.at(-1) ?? null) : null;
}
