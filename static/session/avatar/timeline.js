// @ts-check
/**
 * From the timed visemes of one clause to the mouth at any moment. Pure: no clock, no DOM.
 *
 * The step function "viseme that is due" is smoothed with a raised cosine and each viseme counts with its dominance, so
 * that a mouth begins to form a sound before it is heard and keeps a little of the one before (co-articulation).
 */

import { blend, CLOSED, DOMINANCE, VISEMES } from "./visemes.js";

/** @typedef {import("./visemes.js").Mouth} Mouth */
/** @typedef {[atMs: number, viseme: string, weight: number]} TimedViseme */

/** Half the width of the smoothing window: about the lead of lips over sound in connected speech. */
export const REACH_MS = 70;

/**
 * Share of the window that lies before `x`, for a window centred at 0.
 * @param {number} x milliseconds
 */
function shareBefore(x) {
  if (x <= -REACH_MS) return 0;
  if (x >= REACH_MS) return 1;
  return 0.5 + x / (2 * REACH_MS) + Math.sin((Math.PI * x) / REACH_MS) / (2 * Math.PI);
}

/**
 * The mouth at `timeMs` of a clause.
 * @param {readonly TimedViseme[]} visemes in order of time
 * @param {number} durationMs
 * @param {number} timeMs from the clause's first sample; before and after the clause the mouth is closed
 * @returns {Mouth}
 */
export function mouthAt(visemes, durationMs, timeMs) {
  const mixed = { ...CLOSED };
  let total = 0;
  /** @param {string} name @param {number} weight @param {number} startMs @param {number} endMs */
  const add = (name, weight, startMs, endMs) => {
    const share = shareBefore(endMs - timeMs) - shareBefore(startMs - timeMs);
    if (share <= 0) return;
    const strength = share * (DOMINANCE[name] ?? 1);
    const shape = blend(CLOSED, VISEMES[name] ?? CLOSED, Math.min(1, Math.max(0, weight)));
    for (const key of /** @type {(keyof Mouth)[]} */ (Object.keys(mixed))) mixed[key] += strength * shape[key];
    total += strength;
  };
  add("sil", 1, -Infinity, visemes.length ? visemes[0][0] : Infinity);
  visemes.forEach(([atMs, name, weight], index) => {
    const endMs = index + 1 < visemes.length ? visemes[index + 1][0] : durationMs;
    add(name, weight, atMs, Math.max(atMs, endMs));
  });
  add("sil", 1, visemes.length ? Math.max(durationMs, visemes[visemes.length - 1][0]) : Infinity, Infinity);
  if (total === 0) return mixed;
  for (const key of /** @type {(keyof Mouth)[]} */ (Object.keys(mixed))) mixed[key] /= total;
  return mixed;
}
