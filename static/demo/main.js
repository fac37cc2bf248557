// @ts-check
/** Wires the sample site. */

import { fetchEvents, fetchReport, openSession } from "./backend.js";
import { embed } from "./embedding.js";
import { panel } from "./panel.js";
import { INITIAL, reduce } from "./state.js";
import { view } from "./view.js";

/** @typedef {import("./state.js").State} State */

const LOOK_MS = 1000;
/** So long after the end a webhook may still come. */
const LAST_LOOK_MS = 60_000;

let state = INITIAL;
let visit = new AbortController();

const widget = /** @type {HTMLScriptElement} */ (document.querySelector("script[src*='/static/widget/']"));
const showPanel = panel(element("panel"), new URL(widget.src).origin);
const show = view(element("app"), {
  begin: () => void begin(),
  again: () => again(),
  choose: (value) => dispatch({ type: "variant", value }),
  visit: (value) => dispatch({ type: "journey", value }),
  reopen: () => reopen(),
  embed: ({ variant, session }) => embed(variant, session?.url ?? "", heard(visit.signal), visit.signal),
});

/** @param {string} id @returns {HTMLElement} */
function element(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/** @param {{type: string} & Record<string, any>} event */
function dispatch(event) {
  state = reduce(state, event);
  show(state);
  showPanel(state);
}

async function begin() {
  const { signal } = visit;
  dispatch({ type: "requested" });
  try {
    const session = await openSession(state.journey);
    if (signal.aborted) return;
    dispatch({ type: "opened", session });
    void watch(session.sessionId, signal);
  } catch (error) {
    if (!signal.aborted) dispatch({ type: "failed", problem: error instanceof Error ? error.message : "" });
  }
}

function again() {
  visit.abort();
  visit = new AbortController();
  dispatch({ type: "again" });
}

function reopen() {
  dispatch({ type: "reopened" });
  const widgetElement = /** @type {(HTMLElement & {open: () => void}) | null} */ (document.querySelector("visavis-session"));
  widgetElement?.open();
}

/** @param {AbortSignal} signal @returns {import("./embedding.js").Heard} */
function heard(signal) {
  return {
    message: (type, text) => dispatch({ type: "message", message: { at: Date.now(), type, text } }),
    finished: (sessionId, status) => void finish(sessionId, status, signal),
    closed: () => dispatch({ type: "closed" }),
  };
}

/** @param {string} sessionId @param {string} status @param {AbortSignal} signal */
async function finish(sessionId, status, signal) {
  dispatch({ type: "finished", sessionId, status });
  const report = await fetchReport(sessionId).catch(() => null);
  if (!signal.aborted) dispatch({ type: "report", report });
}

/** Look at what the site's server got, until the last webhook is there. @param {string} sessionId @param {AbortSignal} signal */
async function watch(sessionId, signal) {
  let endedAt = 0;
  while (!signal.aborted && (endedAt === 0 || Date.now() - endedAt < LAST_LOOK_MS)) {
    try {
      const { events, refused } = await fetchEvents(sessionId);
      if (signal.aborted) return;
      dispatch({ type: "webhooks", events, refused });
      if (state.step === "done" && events.some(({ status = "" }) => ["complete", "incomplete"].includes(status))) return;
    } catch {
      if (!signal.aborted) dispatch({ type: "away" });
    }
    if (state.step === "done" && endedAt === 0) endedAt = Date.now();
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

dispatch({ type: "again" });
