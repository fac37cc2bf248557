// @ts-check
/** How fast the avatar speaks, and how long it waits for an answer. */

import { FROM_PAGE } from "../shared/messages.js";
import { USUAL_COMFORT } from "./comfort.js";

/** @typedef {import("./types.js").Comfort} Comfort */

/** Factors for the server; it takes 0.7 to 1.3. @type {Readonly<Record<import("./types.js").SpeechRate, number>>} */
const RATE_FACTORS = { slower: 0.85, normal: 1, faster: 1.15 };

/** @param {Comfort} comfort @param {Comfort} [other] */
export const hasSamePace = (comfort, other = USUAL_COMFORT) => comfort.speechRate === other.speechRate && comfort.extraTime === other.extraTime;

/**
 * Tell the server how fast to speak and how long to wait; a server that does not know of it is not told.
 * @param {import("./peer.js").Call | null} call
 * @param {Comfort} comfort
 */
export function tellPace(call, { speechRate, extraTime }) {
  if ("pace" in FROM_PAGE) call?.send(/** @type {any} */ ("pace"), { speechRate: RATE_FACTORS[speechRate], extraTime });
}
