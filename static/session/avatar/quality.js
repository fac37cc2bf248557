// @ts-check
/**
 * How fine the head may be drawn, from how long its frames take. Pure: times are arguments.
 *
 * Steps down after a second over budget. Tries a step up after a while within it, and waits twice as long each time when that fails.
 */

/**
 * @typedef {object} Level
 * @property {number} pixelRatio at most
 * @property {boolean} shadow
 */

/** From the finest down; below the last one the flat portrait takes over. @type {readonly Readonly<Level>[]} */
export const LEVELS = Object.freeze([
  { pixelRatio: 2, shadow: true },
  { pixelRatio: 1.5, shadow: true },
  { pixelRatio: 1, shadow: true },
  { pixelRatio: 0.75, shadow: true },
  { pixelRatio: 0.75, shadow: false },
]);

const OVER_MS = 1_000;
const CALM_MS = 12_000;
const MOST_CALM_MS = 10 * 60_000;

/** Beyond this a frame was held up by something else (a busy page, a dialogue of the browser). */
const OUTLIER_MS = 1_000;

/** Share of the last frame in the running mean. */
const GAIN = 0.15;

export class Quality {
  #level = 0;
  #mean = 0;
  #overMs = 0;
  #calmMs = 0;
  #patienceMs = CALM_MS;
  #raised = false;

  /** Null when the head is too much for this device. */
  get level() {
    return LEVELS[this.#level] ?? null;
  }

  /**
   * @param {number} tookMs from one frame to the next
   * @param {number} budgetMs what it may take
   * @returns {boolean} whether the level has changed
   */
  measure(tookMs, budgetMs) {
    if (this.level === null || !(tookMs > 0) || tookMs > OUTLIER_MS) return false;
    this.#mean += (tookMs / budgetMs - this.#mean) * GAIN;
    const over = this.#mean > 1;
    this.#overMs = over ? this.#overMs + tookMs : 0;
    this.#calmMs = over ? 0 : this.#calmMs + tookMs;
    if (this.#overMs >= OVER_MS) return this.#lower();
    if (this.#calmMs >= this.#patienceMs && this.#level > 0) return this.#raise();
    return false;
  }

  #lower() {
    if (this.#raised) this.#patienceMs = Math.min(MOST_CALM_MS, this.#patienceMs * 2);
    return this.#step(1, false);
  }

  #raise() {
    return this.#step(-1, true);
  }

  /** @param {number} by @param {boolean} raised */
  #step(by, raised) {
    this.#level += by;
    this.#raised = raised;
    this.#overMs = this.#calmMs = this.#mean = 0;
    return true;
  }
}
