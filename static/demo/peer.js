// @ts-check
/** What the sample site asks of its own server, and what the embedded page tells it. */

/**
 * @typedef {object} Session as the API shows it
 * @property {string} status
 * @property {{nodeReports: {nodeId: string, outcome?: string}[], extractedData?: Record<string, unknown>}} report
 */

const TIMEOUT_MS = 20_000;

/** @returns {Promise<{url: string, sessionId: string}>} */
export async function openSession() {
  const response = await fetch("/demo/session", { method: "POST", signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(`POST /demo/session answered ${response.status}`);
  return response.json();
}

/**
 * The report stands a moment after the session has ended: ask a few times.
 * @param {string} sessionId
 * @returns {Promise<Session>}
 */
export async function fetchReport(sessionId) {
  for (const waitMs of [0, 400, 1200, 2500, 4000]) {
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    const response = await fetch(`/demo/report?session=${encodeURIComponent(sessionId)}`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const { session } = response.ok ? await response.json() : { session: null };
    if (["complete", "incomplete"].includes(session?.status)) return session;
  }
  throw new Error("no report yet");
}

/**
 * Call `finished` when the embedded session says that it has ended. Messages of other origins or windows are not heard.
 * @param {HTMLIFrameElement} frame
 * @param {string} origin of the session page
 * @param {(event: {sessionId: string, status: string}) => void} finished
 * @param {AbortSignal} signal
 */
export function onFinished(frame, origin, finished, signal) {
  addEventListener(
    "message",
    (event) => {
      if (event.origin !== origin || event.source !== frame.contentWindow || typeof event.data !== "string") return;
      let message;
      try {
        message = JSON.parse(event.data);
      } catch {
        return;
      }
      if (message?.message === "SESSION_FINISHED") finished(message);
    },
    { signal },
  );
}
