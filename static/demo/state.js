// @ts-check
/** What the sample site knows and shows. Pure. */

/**
 * @typedef {"inline" | "modal" | "iframe"} Variant how the session is put into the page
 * @typedef {"payment" | "identity"} Journey what the customer came for
 *
 * @typedef {{at: number, type: string, text: string}} Message of the embedded page; `at` in Unix milliseconds
 *
 * @typedef {object} State
 * @property {"start" | "talk" | "done"} step
 * @property {"rest" | "busy" | "failed"} request
 * @property {string} problem why the last request failed
 * @property {Variant} variant
 * @property {Journey} journey
 * @property {{url: string, sessionId: string} | null} session
 * @property {boolean} closed the modal was closed before the end
 * @property {string | null} status how the session ended
 * @property {import("./backend.js").Session | null} report the session with its report
 * @property {readonly Message[]} messages newest last
 * @property {readonly import("./backend.js").WebhookEvent[]} events
 * @property {number} refused webhooks without a valid signature
 * @property {boolean} away the site's own server does not answer
 */

const MESSAGES_KEPT = 100;

/** @type {Readonly<State>} */
export const INITIAL = Object.freeze({
  step: "start", request: "rest", problem: "", variant: "inline", journey: "payment", session: null, closed: false,
  status: null, report: null, messages: [], events: [], refused: 0, away: false,
});

/**
 * @param {State} state
 * @param {{type: string} & Record<string, any>} event
 * @returns {State}
 */
export function reduce(state, event) {
  switch (event.type) {
    case "variant":
    case "journey":
      return state.step === "start" ? { ...state, [event.type]: event.value } : state;
    case "requested":
      return { ...state, request: "busy", problem: "" };
    case "failed":
      return { ...state, request: "failed", problem: event.problem };
    case "opened":
      return { ...INITIAL, variant: state.variant, journey: state.journey, step: "talk", session: event.session };
    case "message":
      return { ...state, messages: [...state.messages, event.message].slice(-MESSAGES_KEPT) };
    case "closed":
      return state.step === "talk" ? { ...state, closed: true } : state;
    case "reopened":
      return { ...state, closed: false };
    case "finished":
      return state.step === "talk" && event.sessionId === state.session?.sessionId
        ? { ...state, step: "done", status: event.status, request: "busy" }
        : state;
    case "report":
      return { ...state, report: event.report, request: "rest" };
    case "webhooks":
      return { ...state, events: event.events, refused: event.refused, away: false };
    case "away":
      return { ...state, away: true };
    case "again":
      return { ...INITIAL, variant: state.variant, journey: state.journey };
    default:
      return state;
  }
}
