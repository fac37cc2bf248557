// @ts-check
/** Microphone and camera: asking for them, saying why they are not there, and how loud it is. */

/** @typedef {import("./state.js").DeviceProblem} DeviceProblem */

const AUDIO = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };
const VIDEO = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 15, max: 30 }, facingMode: "user" };

/** Names of DOMException that getUserMedia rejects with (Media Capture and Streams, §10.2). */
const PROBLEMS = /** @type {Record<string, DeviceProblem>} */ ({
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "missing",
  NotReadableError: "in_use",
  AbortError: "in_use",
  OverconstrainedError: "unsuitable",
});

export class DeviceError extends Error {
  /** @param {DeviceProblem} problem */
  constructor(problem) {
    super(problem);
    this.problem = problem;
  }
}

/**
 * Open microphone and camera; a camera that is not to be had is done without, a microphone is not.
 * @returns {Promise<MediaStream>}
 * @throws {DeviceError}
 */
export async function openDevices() {
  if (!window.isSecureContext || !navigator.mediaDevices) throw new DeviceError("insecure");
  if (embedderForbids()) throw new DeviceError("embed_denied");
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: AUDIO, video: VIDEO });
  } catch (first) {
    if (problemOf(first) === "denied" && !(await microphoneAllowed())) throw new DeviceError("denied");
    try {
      return await navigator.mediaDevices.getUserMedia({ audio: AUDIO });
    } catch (second) {
      throw new DeviceError(problemOf(second));
    }
  }
}

/** @param {unknown} error @returns {DeviceProblem} */
const problemOf = (error) => PROBLEMS[error instanceof DOMException ? error.name : ""] ?? "failed";

/** Refused as a whole, or only the camera? Asking again for the microphone alone would pester who refused both. */
async function microphoneAllowed() {
  try {
    const status = await navigator.permissions.query({ name: /** @type {PermissionName} */ ("microphone") });
    return status.state === "granted";
  } catch {
    return false;
  }
}

/** True when this page is framed without `allow="microphone"`; browsers that cannot tell say false. */
function embedderForbids() {
  const policy = /** @type {any} */ (document).permissionsPolicy ?? /** @type {any} */ (document).featurePolicy;
  return window.parent !== window && policy?.allowsFeature?.("microphone") === false;
}

/** How loud a stream is, for a level display. */
export class LevelMeter {
  #context;
  #analyser;
  #samples;

  /** @param {MediaStream} stream with an audio track */
  constructor(stream) {
    this.#context = new AudioContext();
    this.#analyser = this.#context.createAnalyser();
    this.#analyser.fftSize = 512;
    this.#samples = new Float32Array(this.#analyser.fftSize);
    this.#context.createMediaStreamSource(stream).connect(this.#analyser);
    void this.#context.resume().catch(() => {});
  }

  /** @returns {number} 0 silence (-60 dBFS and less) to 1 (-10 dBFS and more) */
  get level() {
    this.#analyser.getFloatTimeDomainData(this.#samples);
    let sum = 0;
    for (const sample of this.#samples) sum += sample * sample;
    const decibels = 10 * Math.log10(sum / this.#samples.length + 1e-12);
    return Math.min(1, Math.max(0, (decibels + 60) / 50));
  }

  close() {
    void this.#context.close().catch(() => {});
  }
}
