// @ts-check
/** What the embedding page is told. */

/**
 * Tell the parent that the session has ended: a JSON string, as integrations of this kind of page expect it.
 * It names no person and no result, so it may go to any embedder.
 * @param {string} sessionId
 * @param {string} status
 */
export function tellFinished(sessionId, status) {
  if (window.parent === window) return;
  window.parent.postMessage(JSON.stringify({ message: "SESSION_FINISHED", sessionId, status }), "*");
}

/** Host of the page that embeds this one or linked to it; empty when unknown. @returns {string} */
export function askedBy() {
  if (!document.referrer) return "";
  try {
    const { host } = new URL(document.referrer);
    return host === location.host ? "" : host;
  } catch {
    return "";
  }
}
