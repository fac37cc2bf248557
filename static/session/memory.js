// @ts-check
/** What this tab keeps over a reload. Where the browser keeps nothing for a page, as in a frame whose storage is blocked, nothing is kept. */

const PREFIX = "visavis.";

/**
 * @param {string} name
 * @returns {Record<string, unknown>} empty when nothing was kept, or what was kept cannot be read
 */
export function recall(name) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(PREFIX + name) ?? "{}");
    return kept !== null && typeof kept === "object" ? kept : {};
  } catch {
    return {};
  }
}

/** @param {string} name @param {object} value */
export function remember(name, value) {
  try {
    sessionStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // It then lasts as long as the page does.
  }
}
