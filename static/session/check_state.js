// @ts-check
/** The look at the person's face, or a document, that the server asks for: hints, challenges, colours and what came of it. Pure, a part of `state.js`. */

/**
 * @typedef {import("./types.js").State} State
 * @typedef {"turn_left" | "turn_right" | "blink" | "smile" | "closer" | "read"} ChallengeKind
 *
 * @typedef {object} Challenge something that the person shall do now
 * @property {number} index from 0
 * @property {number} count
 * @property {ChallengeKind} kind turns are named by the person's own side
 * @property {string} phrase what to read aloud
 * @property {number} limitMs
 * @property {number} since milliseconds from which the limit counts; moves on when the avatar has finished its instruction
 *
 * @typedef {object} Flash colours that the server wants on the screen
 * @property {string[]} colours
 * @property {number} symbolMs how long each is shown
 * @property {"asking" | "showing"} stage
 * @property {number} until milliseconds when an unanswered question is over
 *
 * @typedef {object} Check
 * @property {string} requestId
 * @property {"liveness" | "scan" | "portrait" | "document"} purpose
 * @property {string} instructions of the flow's author
 * @property {boolean} sound
 * @property {boolean} haptics
 * @property {boolean} cancellable
 * @property {string} hint key of `HINT_SYMBOLS` in `check.js`; empty = none
 * @property {Challenge | null} challenge
 * @property {{index: number, passed: boolean} | null} ended the challenge that was over last, for as long as that is shown
 * @property {number} fraction 0 to 1
 * @property {Flash | null} flash
 * @property {"passed" | "failed" | "unclear" | null} result the check is over; its sign is still shown
 * @property {boolean} cancelled the person has closed it; the server has yet to agree
 * @property {boolean} stale shown before the connection was lost, and not asked for again yet
 * @property {import("./document_state.js").Scan | null} scan with a document: which side, and how far
 *
 * @typedef {{kind: "instructions"} | {kind: "hint", hint: string} | {kind: "challenge", challenge: Challenge, hint: string}
 *   | {kind: "ended", passed: boolean} | {kind: "camera", camera: "off" | "absent" | "lost"}
 *   | {kind: "result", result: "passed" | "failed" | "unclear"}} Advice the one thing to say now
 */

/**
 * Change the check that is open, if it is the one that is meant.
 * @param {State} state
 * @param {{requestId: string}} event
 * @param {(check: Check) => Partial<Check>} change
 * @returns {Partial<State>}
 */
function changed({ check }, { requestId }, change) {
  return check && check.requestId === requestId && !check.result ? { check: { ...check, ...change(check) } } : {};
}

/** @type {Record<string, (state: State, event: any) => Partial<State>>} */
export const CHECK_HANDLERS = {
  // From the server.
  showCheck: ({ check }, { requestId, purpose, instructions, sound, haptics, cancellable }) => {
    const known = check && check.requestId === requestId && !check.result ? check : null;
    const fresh = { hint: "", challenge: null, ended: null, flash: null, fraction: known?.fraction ?? 0, cancelled: false };
    const kept = known && !known.stale ? known : fresh;
    return { check: { ...kept, requestId, purpose, instructions, sound, haptics, cancellable, result: null, stale: false, scan: null } };
  },
  checkHint: (state, event) => changed(state, event, () => ({ hint: event.key })),
  checkChallenge: (state, event) => {
    const { index, count, kind, phrase, limitMs, at: since } = event;
    return changed(state, event, () => ({ challenge: { index, count, kind, phrase, limitMs, since }, ended: null }));
  },
  checkChallengeEnded: (state, event) =>
    changed(state, event, () => ({ challenge: null, ended: { index: event.index, passed: event.passed } })),
  checkProgress: (state, event) => changed(state, event, () => ({ fraction: Math.min(1, Math.max(0, event.fraction)) })),
  flashWanted: (state, event) => {
    const { colours, symbolMs, until } = event;
    return changed(state, event, () => ({ flash: { colours, symbolMs, until, stage: state.flashAllowed ? "showing" : "asking" } }));
  },
  closeCheck: ({ check }, { requestId, result }) => {
    if (!check || check.requestId !== requestId) return {};
    const shown = result !== "stopped" && check.purpose !== "portrait";
    return { check: shown ? { ...check, result, hint: "", challenge: null, ended: null, flash: null } : null };
  },

  // From the page.
  challengeSeen: (state, event) => changed(state, event, ({ ended }) => (ended?.index === event.index ? { ended: null } : {})),
  resultSeen: ({ check }, { requestId }) => (check && check.requestId === requestId && check.result ? { check: null } : {}),
  checkCancelled: (state, event) => changed(state, event, () => ({ cancelled: true, flash: null })),
  flashAllowed: (state, event) => ({
    flashAllowed: true, ...changed(state, event, ({ flash }) => ({ flash: flash && { ...flash, stage: "showing" } })),
  }),
  flashRefused: (state, event) => ({ flashAllowed: false, ...changed(state, event, () => ({ flash: null })) }),
  flashOver: (state, event) => changed(state, event, () => ({ flash: null })),
  soundGuide: (state) => ({ soundGuide: !state.soundGuide }),
};

/**
 * A new connection: the check goes on once the server has asked for it again.
 * @param {State} state
 * @returns {Partial<State>}
 */
export function staleCheck({ check }) {
  return { check: check && (check.result ? null : { ...check, flash: null, stale: true }) };
}

/**
 * The time for a challenge counts from the end of the avatar's instruction.
 * @param {State} state
 * @param {{at: number}} event the avatar does something else now
 * @returns {Partial<State>}
 */
export function avatarChanged({ avatar, check }, { at }) {
  if (avatar !== "speaking" || !check?.challenge) return {};
  return { check: { ...check, challenge: { ...check.challenge, since: at } } };
}

/** The check that takes the place of the picture. @param {State} state @returns {Check | null} */
export const openCheck = ({ screen, check }) => (screen === "call" && check && check.purpose !== "portrait" ? check : null);

/** The check of the face among them. @param {State} state @returns {Check | null} */
export const openFaceCheck = (state) => (state.check?.scan ? null : openCheck(state));

/** Whether the person can close the check now. @param {State} state */
export function canCancel(state) {
  const check = openCheck(state);
  return check !== null && check.cancellable && !check.cancelled && !check.result;
}

/**
 * The one thing to say now.
 * @param {Check} check
 * @param {State["camera"]} camera
 * @returns {Advice}
 */
export function advice({ hint, challenge, ended, result }, camera) {
  if (result) return { kind: "result", result };
  if (camera !== "on") return { kind: "camera", camera };
  if (challenge) return { kind: "challenge", challenge, hint: hint === "steady" ? "" : hint };
  if (ended) return { kind: "ended", passed: ended.passed };
  return hint ? { kind: "hint", hint } : { kind: "instructions" };
}

/**
 * What is left of the time for a challenge.
 * @param {Challenge} challenge
 * @param {number} now milliseconds
 * @param {boolean} speaking the avatar is still giving the instruction
 */
export const remainingMs = ({ since, limitMs }, now, speaking) => (speaking ? limitMs : Math.max(0, limitMs - Math.max(0, now - since)));
