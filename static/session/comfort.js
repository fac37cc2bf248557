// @ts-check
/** How the person likes to hear and read: kept by the tab, told to the server at each connection, shown by the style sheets. */

import { FROM_PAGE } from "../shared/messages.js";
import { recall, remember } from "./memory.js";

/**
 * @typedef {"normal" | "large" | "largest"} CaptionSize
 * @typedef {"slower" | "normal" | "faster"} SpeechRate
 *
 * @typedef {object} Comfort
 * @property {CaptionSize} captionSize of captions and transcript
 * @property {SpeechRate} speechRate how fast the avatar speaks
 * @property {boolean} extraTime twice the patience, for the rest of the session
 * @property {boolean} contrast colours of the highest contrast
 */

/** @type {readonly CaptionSize[]} */
export const CAPTION_SIZES = ["normal", "large", "largest"];

/** Factors for the server; it takes 0.7 to 1.3. @type {Readonly<Record<SpeechRate, number>>} */
const RATE_FACTORS = { slower: 0.85, normal: 1, faster: 1.15 };

export const SPEECH_RATES = /** @type {readonly SpeechRate[]} */ (Object.keys(RATE_FACTORS));

/** @type {Readonly<Comfort>} */
export const USUAL_COMFORT = Object.freeze({ captionSize: "normal", speechRate: "normal", extraTime: false, contrast: false });

/** What this tab kept, each part checked: it may be from an older page. @returns {Comfort} */
export function keptComfort() {
  const { captionSize, speechRate, extraTime, contrast } = recall("comfort");
  return {
    captionSize: CAPTION_SIZES.find((size) => size === captionSize) ?? USUAL_COMFORT.captionSize,
    speechRate: SPEECH_RATES.find((rate) => rate === speechRate) ?? USUAL_COMFORT.speechRate,
    extraTime: extraTime === true,
    contrast: contrast === true,
  };
}

/** @param {Comfort} comfort */
export const keepComfort = (comfort) => remember("comfort", comfort);

/** Let the style sheets know. @param {HTMLElement} root @param {Comfort} comfort */
export function showComfort(root, { captionSize, contrast }) {
  root.dataset.captions = captionSize;
  root.dataset.contrast = contrast ? "more" : "usual";
}

/**
 * Tell the server how fast to speak and how long to wait; a server that does not know of it is not told.
 * @param {import("./peer.js").Call | null} call
 * @param {Comfort} comfort
 */
export function tellPace(call, { speechRate, extraTime }) {
  if ("pace" in FROM_PAGE) call?.send(/** @type {any} */ ("pace"), { speechRate: RATE_FACTORS[speechRate], extraTime });
}
