// @ts-check
/** A weight on a damped spring: how a jaw follows what is asked of it, without ringing. Pure. */

/** Longer steps than this are cut into shorter ones, or the spring would leap. */
const STEP_SECONDS = 1 / 120;

/** After a pause (a hidden page) only this much is caught up. */
const MOST_SECONDS = 0.25;

export class Follower {
  #stiffness;
  #at = NaN;
  #speed = 0;
  value;

  /**
   * @param {number} settleSeconds in which two thirds of a sudden change are done
   * @param {number} [value] at the start
   */
  constructor(settleSeconds, value = 0) {
    this.#stiffness = 2 / settleSeconds;
    this.value = value;
  }

  /** True while it is still on its way. @param {number} target */
  moving(target) {
    return Math.abs(this.value - target) > 0.004 || Math.abs(this.#speed) > 0.02;
  }

  /**
   * @param {number} target
   * @param {number} now seconds
   * @returns {number} where it is now
   */
  follow(target, now) {
    let left = Number.isNaN(this.#at) ? 0 : Math.min(MOST_SECONDS, Math.max(0, now - this.#at));
    this.#at = now;
    for (; left > 0; left -= STEP_SECONDS) {
      const step = Math.min(STEP_SECONDS, left);
      // Critically damped: x'' = k²(target − x) − 2k x'.
      this.#speed += (this.#stiffness ** 2 * (target - this.value) - 2 * this.#stiffness * this.#speed) * step;
      this.value += this.#speed * step;
    }
    return this.value;
  }
}
