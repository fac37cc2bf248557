// @ts-check
/** What the server asks the page for during the call: values of fields, and devices. Pure, a part of `state.js`. */

/**
 * @typedef {import("./types.js").State} State
 *
 * @typedef {object} InputRequest a field that is shown
 * @property {string} requestId
 * @property {"email" | "phone" | "code"} kind
 * @property {string} value what the server put into it; what the person types is in the field alone
 * @property {string} sentTo masked address that the code went to
 * @property {number} codeLength 0 = not known
 * @property {number | null} resendAt milliseconds when another code may be asked for; null = never
 * @property {"no" | "answer" | "code"} awaiting what the server owes: a word on the answer, or another code
 * @property {number} codesRenewed how many codes came by asking for another
 * @property {{code: string, attemptsLeft: number, count: number} | null} problem
 *   why the last answer was not taken; `count` grows with each refusal
 * @property {boolean} stale shown before the connection was lost, and not asked for again yet
 *
 * @typedef {object} PermissionsRequest devices that the flow wants now and the page does not hold
 * @property {string} requestId
 * @property {boolean} camera
 * @property {boolean} microphone
 * @property {boolean} card whether the person is asked; not when the browser hands the devices out anyway
 * @property {boolean} asking the browser's own question is open
 * @property {boolean} stale
 */

/** The wait for another code grows by so much, and more, when one was sent. */
const NEW_CODE_MS = 1_000;

/**
 * A new connection: what was asked for on the old one counts once the server has asked for it again.
 * @param {State} state
 * @returns {Partial<State>}
 */
export function stale({ input, permissions }) {
  return {
    input: input && { ...input, awaiting: "no", stale: true },
    permissions: permissions && { ...permissions, stale: true },
  };
}

/**
 * Change the field that is shown, if it is the one that is meant.
 * @param {State} state
 * @param {{requestId: string}} event
 * @param {(input: InputRequest) => Partial<InputRequest>} change
 * @returns {Partial<State>}
 */
function changed({ input }, { requestId }, change) {
  return input && input.requestId === requestId ? { input: { ...input, ...change(input) } } : {};
}

/** @type {Record<string, (state: State, event: any) => Partial<State>>} */
export const REQUEST_HANDLERS = {
  // From the server.
  askInput: (state, { requestId, kind, value, sentTo, codeLength, resendAt }) => {
    const known = state.input?.requestId === requestId ? state.input : null;
    const later = known?.resendAt != null && resendAt !== null && resendAt > known.resendAt + NEW_CODE_MS;
    const renewed = known?.awaiting === "code" || (later && !known?.stale); // Who speaks asks for another code by voice.
    return {
      input: {
        requestId, kind, value, sentTo, codeLength, resendAt,
        awaiting: "no",
        codesRenewed: (known?.codesRenewed ?? 0) + (renewed ? 1 : 0),
        problem: renewed ? null : (known?.problem ?? null),
        stale: false,
      },
    };
  },
  inputRefused: (state, event) =>
    changed(state, event, ({ problem }) => ({
      awaiting: "no",
      problem: { code: event.problem, attemptsLeft: event.attemptsLeft, count: (problem?.count ?? 0) + 1 },
    })),
  closeInput: (state, { requestId }) => (state.input?.requestId === requestId ? { input: null } : {}),
  node: () => ({ permissions: null }), // The flow went on without them.

  // From the page.
  inputSent: (state, event) => changed(state, event, () => ({ awaiting: "answer" })),
  codeWanted: (state, event) => changed(state, event, () => ({ awaiting: "code" })),
  inputUnanswered: (state, event) => changed(state, event, () => ({ awaiting: "no" })),
  staleRequests: ({ input, permissions, check }) => ({
    input: input?.stale ? null : input,
    permissions: permissions?.stale ? null : permissions,
    check: check?.stale ? null : check,
  }),
  devicesWanted: (_state, { requestId, camera, microphone, card, asking }) => ({
    permissions: { requestId, camera, microphone, card, asking, stale: false },
  }),
  browserAsks: ({ permissions }) => ({ permissions: permissions && { ...permissions, asking: true } }),
  withoutDevices: () => ({ microphone: "off", camera: "absent", deviceProblem: null }),
  devicesAnswered: (state, { microphone, camera }) => ({
    permissions: null,
    microphone: microphone ? (state.microphone === "muted" ? "muted" : "live") : state.microphone === "off" ? "absent" : state.microphone,
    camera: camera ? (state.camera === "off" ? "off" : "on") : state.camera,
    typingOffered: !microphone,
    transcript: state.transcript || !microphone,
  }),
};
