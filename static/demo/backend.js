// @ts-check
/** What the sample site asks of its own server. */

/**
 * @typedef {object} Session as the API shows it
 * @property {string} id
 * @property {string} status
 * @property {{nodeReports: {nodeId: string, outcome?: string}[], extractedData?: Record<string, unknown>}} report
 *
 * @typedef {{id: string, type: string, status?: string, createdAt: number, receivedAt: number}} WebhookEvent
 *   that came with a valid signature
 */

const TIMEOUT_MS = 20_000;
const REPORT_WAITS_MS = [0, 400, 1200, 2500, 4000];

/**
 * @param {string} path
 * @param {RequestInit} [options]
 * @returns {Promise<any>} the answer's JSON
 */
async function ask(path, options = {}) {
  const response = await fetch(path, { ...options, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const body = await response.json().catch(() => null);
  if (!response.ok || body === null) throw new Error(body?.error?.message ?? `The server answered with status ${response.status}.`);
  return body;
}

/**
 * @param {import("./state.js").Journey} journey
 * @returns {Promise<{url: string, sessionId: string}>}
 */
export const openSession = (journey) => ask(`/demo/session?journey=${journey}`, { method: "POST" });

/**
 * Webhooks that the site's server took for this session, oldest first, and how many it refused.
 * @param {string} sessionId
 * @returns {Promise<{events: WebhookEvent[], refused: number}>}
 */
export const fetchEvents = (sessionId) => ask(`/demo/events?session=${encodeURIComponent(sessionId)}`);

/**
 * The report stands a moment after the session has ended: ask a few times.
 * @param {string} sessionId
 * @returns {Promise<Session>}
 */
export async function fetchReport(sessionId) {
  for (const waitMs of REPORT_WAITS_MS) {
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    const { session } = await ask(`/demo/report?session=${encodeURIComponent(sessionId)}`);
    if (["complete", "incomplete"].includes(session?.status)) return session;
  }
  throw new Error("The report is not ready yet.");
}
