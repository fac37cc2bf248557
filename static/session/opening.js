// @ts-check
/** What the answer of `GET /client/session`, good or bad, means for the page. Pure. */

import { ServerError } from "./server.js";
import { LANGUAGES } from "./strings.js";

/** Version of the texts `consent.*`; goes up whenever what they say changes, not when they are only better said. */
export const CONSENT_VERSION = "2026-11-23";

/** Wait before trying a busy server again when it names none. */
const USUAL_RETRY_SECONDS = 10;

const RIGHT_TO_LEFT = new Set(["ar", "dv", "fa", "he", "ku", "ps", "ur", "yi"]);

/** @param {string} language */
export const rightToLeft = (language) => RIGHT_TO_LEFT.has(language.split("-")[0]);

/** @param {string} address @returns {string} empty for this host itself, and for what is no address */
export function hostOf(address) {
  if (!URL.canParse(address)) return "";
  const { host } = new URL(address);
  return host === location.host ? "" : host;
}

/** What fills the place behind the avatar, where the customer wants a colour (contract §2.6). @param {any} opening @returns {string} empty = as usual, as for what is no colour */
export function stageColour({ customization }) {
  const { backgroundType, backgroundColor } = customization?.permissionsPage ?? {};
  return backgroundType === "COLOR" && CSS.supports("color", String(backgroundColor)) ? String(backgroundColor) : "";
}

/**
 * @param {any} opening
 * @param {string} language of the page's texts
 * @param {boolean} wide whether there is room for the transcript beside the picture
 * @returns {Partial<import("./types.js").State>} what the page begins with
 */
export function firstState(opening, language, wide) {
  const { session, avatar, customization, captions, asksPermissions = false, languages = [], consent = null, recording = [] } = opening;
  const { showUxControls = true, buttons = null, autoHide = false, captionsOpenedByDefault } = customization?.controls ?? {};
  const spoken = languages.map((/** @type {{id: string}} */ { id }) => id);
  const rejoining = session.status === "inProgress";
  return {
    session,
    persona: avatar,
    languages: LANGUAGES.filter((id) => id === language || spoken.includes(id)),
    spoken,
    welcome: customization?.permissionsPage ?? {},
    captions,
    consentWanted: consent?.version !== CONSENT_VERSION,
    recordable: recording,
    rejoining,
    asksPermissions: asksPermissions && !rejoining,
    transcript: captionsOpenedByDefault ?? wide,
    controls: { shown: showUxControls !== false, buttons, autoHide: autoHide === true },
  };
}

/**
 * @param {unknown} error of the server
 * @param {number} nowMs
 * @returns {{type: string} & Record<string, any>} what becomes of the page
 */
export function refusal(error, nowMs) {
  if (!(error instanceof ServerError)) return { type: "stopped", code: "problem" };
  const { code, details, retryAfter } = error;
  if (code === "session_finished") {
    return { type: "finished", status: details.status === "complete" ? "complete" : "incomplete", reason: details.reason ?? "" };
  }
  return { type: "stopped", code, retryAt: code === "busy" ? nowMs + (retryAfter || USUAL_RETRY_SECONDS) * 1000 : null };
}
