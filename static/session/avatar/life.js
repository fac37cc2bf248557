// @ts-check
/**
 * What a face does by itself: breathing, swaying, blinking, looking about, nodding. Pure: the time is an argument and
 * the randomness is handed in, so that a test can replay a minute of it.
 */

/** @typedef {"idle" | "listening" | "hearing" | "thinking" | "speaking" | "waiting" | "away" | "encouraging" | "concerned"} Mood */

/**
 * @typedef {object} Bearing how a mood looks at rest
 * @property {number} gazeX
 * @property {number} gazeY
 * @property {number} brow
 * @property {number} frown
 * @property {number} smile
 * @property {number} squint
 * @property {number} pitch
 * @property {number} tilt degrees
 * @property {number} sway how much the head moves by itself
 */

/** @type {Readonly<Record<Mood, Readonly<Bearing>>>} */
const BEARINGS = Object.freeze({
  idle: { gazeX: 0, gazeY: 0, brow: 0.1, frown: 0.1, smile: 0.75, squint: 0.25, pitch: 0, tilt: 0, sway: 0.7 },
  listening: { gazeX: 0, gazeY: 0, brow: 0.3, frown: 0.15, smile: 0.6, squint: 0.1, pitch: 0.1, tilt: 2.2, sway: 0.6 },
  hearing: { gazeX: 0, gazeY: 0.04, brow: 0.45, frown: 0.2, smile: 0.5, squint: 0.05, pitch: 0.2, tilt: 2.8, sway: 0.5 },
  thinking: { gazeX: -0.6, gazeY: -0.45, brow: 0.3, frown: 0.1, smile: 0.42, squint: 0.3, pitch: -0.15, tilt: -1.6, sway: 0.5 },
  speaking: { gazeX: 0, gazeY: 0, brow: 0.15, frown: 0.1, smile: 0.45, squint: 0.1, pitch: 0, tilt: 0, sway: 1.3 },
  waiting: { gazeX: 0, gazeY: 0.15, brow: 0.2, frown: 0.1, smile: 0.6, squint: 0.1, pitch: 0.1, tilt: 0.8, sway: 0.6 },
  away: { gazeX: 0.2, gazeY: 0.35, brow: 0, frown: 0.1, smile: 0.35, squint: 0.2, pitch: 0.3, tilt: 0, sway: 0.3 },
  encouraging: { gazeX: 0, gazeY: 0, brow: 0.5, frown: 0.15, smile: 0.95, squint: 0.3, pitch: 0.12, tilt: 1.5, sway: 0.9 },
  concerned: { gazeX: 0, gazeY: 0.05, brow: 0.15, frown: 0.75, smile: 0.12, squint: 0.2, pitch: 0.12, tilt: -2.4, sway: 0.5 },
});

/** Long enough to be seen, short enough not to be a grin. */
const ENCOURAGING_SECONDS = 1.6;

const BLINK_SECONDS = 0.19;
const NOD_SECONDS = 0.75;

/** Seconds in which the face takes on most of a new bearing. */
const SETTLE_SECONDS = 0.28;

export class Life {
  #random;
  /** @type {Mood} */
  #mood = "idle";
  /** @type {Record<string, number>} */
  #bearing = { ...BEARINGS.idle };
  #last = 0;
  #blinkAt = 1.5;
  #saccadeAt = 1;
  #saccade = { x: 0, y: 0 };
  #nodAt = -10;
  #pleasedUntil = -10;

  /** @param {() => number} random in [0, 1) */
  constructor(random) {
    this.#random = random;
  }

  /**
   * @param {Mood} mood
   * @param {number} now seconds
   */
  setMood(mood, now) {
    if (mood === this.#mood || !(mood in BEARINGS)) return;
    if (this.#mood === "hearing" && mood === "thinking") this.#nodAt = now;
    // What was answered has been taken: a friendly look before going on.
    if (this.#mood === "thinking" && mood === "speaking") this.#pleasedUntil = now + ENCOURAGING_SECONDS;
    this.#mood = mood;
    this.#blinkAt = Math.min(this.#blinkAt, now + 0.4);
  }

  /**
   * The face without its mouth.
   * @param {number} now seconds
   */
  at(now) {
    const elapsed = Math.min(0.1, Math.max(0, now - this.#last));
    this.#last = now;
    const target = /** @type {Record<string, number>} */ (/** @type {unknown} */ (BEARINGS[this.#bearingAt(now)]));
    const share = 1 - Math.exp(-elapsed / SETTLE_SECONDS);
    for (const key of Object.keys(this.#bearing)) this.#bearing[key] += (target[key] - this.#bearing[key]) * share;
    const b = this.#bearing;
    const gaze = this.#gaze(now);
    const sway = b.sway;
    return {
      yaw: b.gazeX * 0.5 + sway * (0.16 * Math.sin(now * 0.61) + 0.1 * Math.sin(now * 1.37 + 1)),
      pitch: b.pitch + sway * (0.12 * Math.sin(now * 0.83 + 2) + 0.06 * Math.sin(now * 1.9)) + this.#nod(now),
      roll: b.tilt + sway * (0.7 * Math.sin(now * 0.47 + 0.5) + 0.4 * Math.sin(now * 1.13)),
      breath: 0.5 - 0.5 * Math.cos((now * 2 * Math.PI) / 4.2),
      lids: 1 - this.#blink(now),
      gazeX: b.gazeX + gaze.x,
      gazeY: b.gazeY + gaze.y,
      squint: b.squint,
      brow: b.brow,
      frown: b.frown,
      smile: b.smile,
    };
  }

  /** @param {number} now @returns {Mood} */
  #bearingAt(now) {
    return this.#mood === "speaking" && now < this.#pleasedUntil ? "encouraging" : this.#mood;
  }

  /** The face of a mood when nothing may move. */
  still() {
    const b = BEARINGS[this.#mood];
    return {
      yaw: 0, pitch: 0, roll: 0, breath: 0, lids: 1, gazeX: 0, gazeY: 0, squint: b.squint, brow: b.brow, frown: b.frown, smile: b.smile,
    };
  }

  /** @param {number} now @returns {number} 0 open to 1 shut */
  #blink(now) {
    const since = now - this.#blinkAt;
    if (since < 0) return 0;
    if (since < BLINK_SECONDS) return Math.sin((Math.PI * since) / BLINK_SECONDS) ** 0.8;
    const pause = this.#mood === "thinking" ? 1 + 1.5 * this.#random() : 2 + 4 * this.#random();
    this.#blinkAt = now + (this.#random() < 0.14 ? 0.12 : pause);
    return 0;
  }

  /** Small jumps of the eyes about the point that they hold. @param {number} now */
  #gaze(now) {
    if (now >= this.#saccadeAt) {
      const wide = this.#mood === "thinking" ? 0.3 : 0.09;
      this.#saccade = { x: (this.#random() - 0.5) * wide, y: (this.#random() - 0.5) * wide * 0.6 };
      this.#saccadeAt = now + 0.5 + 1.6 * this.#random();
    }
    return this.#saccade;
  }

  /** @param {number} now */
  #nod(now) {
    const share = (now - this.#nodAt) / NOD_SECONDS;
    return share <= 0 || share >= 1 ? 0 : 0.9 * Math.sin(Math.PI * share) ** 2;
  }
}
