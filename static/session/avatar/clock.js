// @ts-check
/**
 * Which RTP timestamp is being played now. Pure: the time and the readings are arguments.
 *
 * A browser tells the timestamp of the packet that it plays (`RTCRtpReceiver.getSynchronizationSources`, webrtc-pc §5.3),
 * in steps of a packet. Between the steps this clock runs at 48 kHz, and it follows each new step gently.
 */

const SAMPLES_PER_MS = 48;

/** A reading further off than this is a jump (packets lost, a pause), not jitter. */
const JUMP_MS = 120;

/** Share of the difference that one reading corrects. */
const GAIN = 0.15;

/**
 * Signed distance between two RTP timestamps, modulo 2^32.
 * @param {number} later
 * @param {number} earlier
 * @returns {number} milliseconds
 */
export function rtpDistanceMs(later, earlier) {
  return ((later - earlier) | 0) / SAMPLES_PER_MS;
}

export class PlaybackClock {
  #rtp = 0;
  #atMs = NaN;
  /** @type {number | null} */
  #lastRead = null;

  /** False until the first reading or guess. */
  get running() {
    return !Number.isNaN(this.#atMs);
  }

  /**
   * A timestamp that the browser reports as being played. The same one twice says nothing new.
   * @param {number} rtp
   * @param {number} nowMs
   */
  read(rtp, nowMs) {
    if (rtp === this.#lastRead) return;
    this.#lastRead = rtp;
    if (!this.running) {
      this.#set(rtp, nowMs);
      return;
    }
    const errorMs = rtpDistanceMs(rtp, this.rtpAt(nowMs));
    if (Math.abs(errorMs) > JUMP_MS) this.#set(rtp, nowMs);
    else this.#set(this.rtpAt(nowMs) + errorMs * GAIN * SAMPLES_PER_MS, nowMs);
  }

  /**
   * For a browser that reports nothing: audio announced now is heard after the jitter buffer.
   * @param {number} rtp first sample of the announced audio
   * @param {number} nowMs
   * @param {number} delayMs
   */
  guess(rtp, nowMs, delayMs) {
    if (this.#lastRead === null) this.#set(rtp, nowMs + delayMs);
  }

  /**
   * @param {number} nowMs
   * @returns {number} RTP timestamp, fractional, modulo 2^32
   */
  rtpAt(nowMs) {
    return this.#rtp + (nowMs - this.#atMs) * SAMPLES_PER_MS;
  }

  /** Forget everything: a new track has a new origin. */
  reset() {
    this.#atMs = NaN;
    this.#lastRead = null;
  }

  /** @param {number} rtp @param {number} nowMs */
  #set(rtp, nowMs) {
    this.#rtp = rtp;
    this.#atMs = nowMs;
  }
}
