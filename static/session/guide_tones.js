// @ts-check
/** Tones that lead a face into the picture, for who cannot see it: the side says where to move, the pitch how. */

/**
 * @typedef {object} Tone
 * @property {number} frequency Hz
 * @property {number} pan -1 left to 1 right
 * @property {number} startMs from the beginning of the pattern
 * @property {number} lengthMs
 * @property {number} [loudness] share of the usual one
 */

const PERIOD_MS = 900;

const LENGTH_MS = 110;

const LOUDNESS = 0.12;

const FADE_SECONDS = 0.015;

/** @param {number[]} frequencies @param {number} [pan] @returns {Tone[]} one after the other */
const row = (frequencies, pan = 0) =>
  frequencies.map((frequency, i) => ({ frequency, pan, startMs: i * 1.5 * LENGTH_MS, lengthMs: LENGTH_MS }));

/**
 * Patterns by hint: two equal tones on a side = move to that side; rising = closer, falling = back; two high = up, two low = down;
 * one low long tone = no face; a soft tick = stay so. Other hints have no tone: they are said.
 * @type {Readonly<Record<string, readonly Tone[]>>}
 */
export const PATTERNS = Object.freeze({
  left: row([523, 523], -1),
  right: row([523, 523], 1),
  closer: row([392, 523, 698]),
  back: row([698, 523, 392]),
  up: row([1047, 1047]),
  down: row([262, 262]),
  no_face: [{ frequency: 165, pan: 0, startMs: 0, lengthMs: 320 }],
  steady: [{ frequency: 880, pan: 0, startMs: 0, lengthMs: 35, loudness: 0.5 }],
});

const PASSED = row([659, 880]);
const DONE = row([523, 659, 784]);

export class GuideTones {
  /** @type {AudioContext | null} made with the first tone, as browsers want a press before */
  #context = null;
  #hint = "";
  #timer = 0;

  /** Repeat the pattern of this hint from now on; none for "" and for hints without one. @param {string} hint */
  follow(hint) {
    if (hint === this.#hint) return;
    this.#hint = hint;
    clearInterval(this.#timer);
    const pattern = PATTERNS[hint];
    if (!pattern) return;
    this.#play(pattern);
    this.#timer = setInterval(() => this.#play(pattern), PERIOD_MS);
  }

  /** @param {"passed" | "done"} sign */
  sound(sign) {
    this.#play(sign === "done" ? DONE : PASSED);
  }

  /** Silence, and the sound card back; a later tone starts anew. */
  close() {
    this.follow("");
    const context = this.#context;
    this.#context = null;
    void context?.close().catch(() => {});
  }

  /** @param {readonly Tone[]} tones */
  #play(tones) {
    const context = (this.#context ??= new AudioContext());
    void context.resume().catch(() => {});
    for (const { frequency, pan, startMs, lengthMs, loudness = 1 } of tones) {
      const start = context.currentTime + startMs / 1000;
      const end = start + lengthMs / 1000;
      const oscillator = new OscillatorNode(context, { frequency });
      const volume = new GainNode(context, { gain: 0 });
      volume.gain.setValueAtTime(0, start);
      volume.gain.linearRampToValueAtTime(LOUDNESS * loudness, start + FADE_SECONDS);
      volume.gain.setValueAtTime(LOUDNESS * loudness, end - FADE_SECONDS);
      volume.gain.linearRampToValueAtTime(0, end);
      oscillator.connect(volume).connect(new StereoPannerNode(context, { pan })).connect(context.destination);
      oscillator.start(start);
      oscillator.stop(end);
    }
  }
}
