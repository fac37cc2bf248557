// @ts-check
/** Which view an address means. Pure. */

/**
 * @typedef {object} Place
 * @property {string} name of the module in `views/`
 * @property {string} section the entry of the navigation that it belongs to
 * @property {string} [id] the session
 */

/** @type {Record<string, {title: string, permission: string, detail?: {name: string, permission: string}}>} in the order of the navigation */
export const SECTIONS = {
  live: { title: "Live", permission: "list_live", detail: { name: "session", permission: "watch" } },
  reviews: { title: "Review queue", permission: "review" },
  history: { title: "History", permission: "open_report", detail: { name: "report", permission: "open_report" } },
  fleet: { title: "Fleet", permission: "fleet" },
  alerts: { title: "Alerts", permission: "alerts" },
  staff: { title: "Staff", permission: "manage_staff" },
  audit: { title: "Audit", permission: "read_audit" },
};

/** @param {string[]} permissions */
export const sectionsFor = (permissions) => Object.keys(SECTIONS).filter((name) => permissions.includes(SECTIONS[name].permission));

/**
 * @param {string} hash such as `#/history/ID`
 * @param {string[]} permissions
 * @returns {Place | null} null when there is no such view, or it is not allowed
 */
export function placeOf(hash, permissions) {
  const [, section = "", id = "", rest] = hash.split("/");
  const found = Object.hasOwn(SECTIONS, section) ? SECTIONS[section] : null;
  if (!found || rest !== undefined) return null;
  if (!id) return permissions.includes(found.permission) ? { name: section, section } : null;
  if (!found.detail || !permissions.includes(found.detail.permission)) return null;
  return { name: found.detail.name, section, id: safely(id) };
}

/** @param {string} text */
function safely(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
