// @ts-check
/** What the person sends: the tracks of microphone and camera, and how loud it is. */

/** @typedef {import("./devices.js").Device} Device */

/** @type {Record<Device, string>} */
const KINDS = { microphone: "audio", camera: "video" };

export class Media {
  /** @type {MediaStream | null} */
  stream = null;
  #ended;
  /** @type {LevelMeter | null} */
  #meter = null;

  /** @param {(device: Device) => void} ended called when a device was pulled out */
  constructor(ended) {
    this.#ended = ended;
  }

  /** Take these tracks beside those that are held; what has ended goes. @param {MediaStream} opened @returns {MediaStream} with all that is held */
  take(opened) {
    const stream = (this.stream ??= new MediaStream());
    for (const track of stream.getTracks()) if (track.readyState === "ended") stream.removeTrack(track);
    for (const track of opened.getTracks()) stream.addTrack(track);
    for (const track of opened.getAudioTracks()) track.onended = () => this.#ended("microphone");
    for (const track of opened.getVideoTracks()) track.onended = () => this.#ended("camera");
    if (opened.getAudioTracks().length > 0) this.measure(opened);
    return stream;
  }

  /**
   * Hold this camera instead of the one before, whose light goes off.
   * @param {MediaStream | null} opened null = none
   * @returns {MediaStream} with all that is held
   */
  replaceCamera(opened) {
    this.stopCamera();
    return this.take(opened ?? new MediaStream());
  }

  /** Lights off for the camera: a phone opens another one only then. */
  stopCamera() {
    this.stream?.getVideoTracks().forEach((track) => track.stop());
  }

  /** Show the level of this stream from now on. @param {MediaStream} stream */
  measure(stream) {
    this.#meter?.close();
    this.#meter = new LevelMeter(stream);
  }

  /** @param {Device} device */
  holds(device) {
    return this.stream?.getTracks().some(({ kind, readyState }) => kind === KINDS[device] && readyState === "live") ?? false;
  }

  /** @returns {number} 0 to 1 */
  get level() {
    return this.#meter?.level ?? 0;
  }

  /** Lights off. */
  release() {
    this.#meter?.close();
    this.#meter = null;
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
  }
}

/** How loud a stream is, for a level display. */
class LevelMeter {
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
