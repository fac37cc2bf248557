// @ts-check
/** Wires the sample site. */

import { fetchReport, onFinished, openSession } from "./peer.js";
import { INITIAL, reduce } from "./state.js";
import { view } from "./view.js";

let state = INITIAL;
let listening = new AbortController();

const render = view(/** @type {HTMLElement} */ (document.getElementById("app")), {
  begin: () => void begin(),
  again: () => dispatch({ type: "again" }),
  framed(frame) {
    listening.abort();
    listening = new AbortController();
    onFinished(frame, new URL(frame.src).origin, (event) => void finish(event), listening.signal);
  },
});

/** @param {{type: string} & Record<string, any>} event */
function dispatch(event) {
  state = reduce(state, event);
  render(state);
}

async function begin() {
  dispatch({ type: "requested" });
  try {
    dispatch({ type: "opened", session: await openSession() });
  } catch {
    dispatch({ type: "failed" });
  }
}

/** @param {{sessionId: string, status: string}} event */
async function finish({ sessionId, status }) {
  dispatch({ type: "finished", sessionId, status });
  try {
    dispatch({ type: "report", report: await fetchReport(sessionId) });
  } catch {
    dispatch({ type: "report", report: null });
  }
}

render(state);
