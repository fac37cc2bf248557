// @ts-check
/**
 * The clauses that the avatar speaks, and its mouth at the RTP timestamp being played. Pure.
 */

import { rtpDistanceMs } from "./clock.js";
import { mouthAt, REACH_MS } from "./timeline.js";
import { CLOSED } from "./visemes.js";

/** @typedef {import("./visemes.js").Mouth} Mouth */
/** @typedef {import("./timeline.js").TimedViseme} TimedViseme */

/**
 * @typedef {object} Clause
 * @property {string} utteranceId
 * @property {number} rtpTimestamp of the sample at `offsetMs`
 * @property {number} offsetMs
 * @property {number} durationMs
 * @property {readonly TimedViseme[]} visemes
 * @property {boolean} paused
 */

/** Clauses kept at once; a server that announces more has lost its way. */
const MOST_CLAUSES = 64;

export class Speaker {
  /** @type {Clause[]} */
  #clauses = [];

  /**
   * A clause is on its way.
   * @param {{utteranceId: string, rtpTimestamp: number, durationMs: number, visemes: readonly TimedViseme[]}} speech
   */
  announce(speech) {
    const { utteranceId, rtpTimestamp, durationMs, visemes } = speech;
    this.#clauses.push({ utteranceId, rtpTimestamp, durationMs, visemes, offsetMs: 0, paused: false });
    if (this.#clauses.length > MOST_CLAUSES) this.#clauses.shift();
  }

  /** @param {string} utteranceId */
  stop(utteranceId) {
    this.#clauses = this.#clauses.filter((clause) => clause.utteranceId !== utteranceId);
  }

  /** @param {string} utteranceId */
  pause(utteranceId) {
    for (const clause of this.#clauses) if (clause.utteranceId === utteranceId) clause.paused = true;
  }

  /**
   * The rest of the paused clause now starts at `rtpTimestamp`; clauses that follow it in the utterance shift as well.
   * @param {string} utteranceId
   * @param {number} rtpTimestamp
   * @param {number} offsetMs how much had been played
   */
  resume(utteranceId, rtpTimestamp, offsetMs) {
    const paused = this.#clauses.filter((clause) => clause.utteranceId === utteranceId && clause.paused);
    const current = paused[0];
    if (!current) return;
    const shift = rtpTimestamp - current.rtpTimestamp - (offsetMs - current.offsetMs) * 48;
    for (const clause of paused) {
      clause.paused = false;
      if (clause !== current) clause.rtpTimestamp += shift;
    }
    current.rtpTimestamp = rtpTimestamp;
    current.offsetMs = offsetMs;
  }

  clear() {
    this.#clauses = [];
  }

  /** True while a clause is announced and not over. */
  get busy() {
    return this.#clauses.some((clause) => !clause.paused);
  }

  /**
   * The mouth while `rtp` is being played; forgets clauses that are over.
   * @param {number} rtp
   * @returns {Mouth}
   */
  mouthAt(rtp) {
    /** @param {Clause} clause */
    const timeMs = (clause) => rtpDistanceMs(rtp, clause.rtpTimestamp) + clause.offsetMs;
    this.#clauses = this.#clauses.filter((clause) => clause.paused || timeMs(clause) < clause.durationMs + REACH_MS);
    const current = this.#clauses.find((clause) => !clause.paused && timeMs(clause) > -REACH_MS);
    return current ? mouthAt(current.visemes, current.durationMs, timeMs(current)) : { ...CLOSED };
  }
}
