// @ts-check
/** What the sample site shows. Pure. */

/**
 * @typedef {object} State
 * @property {"start" | "talk" | "done"} step
 * @property {"rest" | "busy" | "failed"} request
 * @property {{url: string, sessionId: string} | null} session
 * @property {string | null} status how the session ended
 * @property {import("./peer.js").Session | null} report the session with its report
 */

/** @type {Readonly<State>} */
export const INITIAL = Object.freeze({ step: "start", request: "rest", session: null, status: null, report: null });

/**
 * @param {State} state
 * @param {{type: string} & Record<string, any>} event
 * @returns {State}
 */
export function reduce(state, event) {
  switch (event.type) {
    case "requested":
      return { ...state, request: "busy" };
    case "failed":
      return { ...state, request: "failed" };
    case "opened":
      return { ...INITIAL, step: "talk", session: event.session };
    case "finished":
      return state.step === "talk" && event.sessionId === state.session?.sessionId
        ? { ...state, step: "done", status: event.status, request: "busy" }
        : state;
    case "report":
      return { ...state, report: event.report, request: "rest" };
    case "again":
      return INITIAL;
    default:
      return state;
  }
}
