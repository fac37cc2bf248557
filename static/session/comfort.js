// @ts-check
/** How the person likes to hear and read: kept by the tab, told to the server at each connection, shown by the style sheets. */

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

/** @type {readonly SpeechRate[]} */
export const SPEECH_RATES = ["slower", "normal", "faster"];

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
