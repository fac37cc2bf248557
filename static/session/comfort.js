// @ts-check
/** How the person likes to hear and read: kept by the tab, told to the server at each connection, shown by the style sheets. */

import { recall, remember } from "./memory.js";

/** @typedef {import("./types.js").Comfort} Comfort */

/** @type {readonly Comfort["captionSize"][]} */
export const CAPTION_SIZES = ["normal", "large", "largest"];

/** @type {readonly Comfort["speechRate"][]} */
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

/** Let the style sheets and this tab know. @param {Comfort} comfort */
export function useComfort(comfort) {
  const { dataset } = document.documentElement;
  dataset.captions = comfort.captionSize;
  dataset.contrast = comfort.contrast ? "more" : "usual";
  remember("comfort", comfort);
}
