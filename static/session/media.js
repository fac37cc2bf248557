// @ts-check
/** What the person sends: the tracks of microphone and camera, and how loud it is. */

/** @typedef {import("./devices.js").Device} Device */

/**
 * @typedef {object} DeviceEvents
 * @property {(device: Device) => void} ended pulled out, or no longer allowed
 * @property {(device: Device) => void} interrupted another program, or the system, has it for the time being
 * @property {(device: Device) => void} goesOn
 */

/** @type {Record<Device, string>} */
const KINDS = { microphone: "audio", camera: "video" };

/** A shorter break, as when a tab is changed, is not worth a word. */
const INTERRUPTED_MS = 1_500;

export class Media {
  /** @type {MediaStream | null} */
  stream = null;
  /** Devices that the person chose, by id; empty = the browser's choice. @type {Readonly<Record<Device, string>>} */
  wished = { microphone: "", camera: "" };
  #events;
  #interruptedTimer = 0;
  /** @type {LevelMeter | null} */
  #meter = null;

  /** @param {DeviceEvents} events */
  constructor(events) {
    this.#events = events;
  }

  /** Take these tracks beside those that are held; what has ended goes. @param {MediaStream} opened @returns {MediaStream} with all that is held */
  take(opened) {
    const stream = (this.stream ??= new MediaStream());
    for (const track of stream.getTracks()) if (track.readyState === "ended") stream.removeTrack(track);
    for (const track of opened.getTracks()) stream.addTrack(track);
    for (const track of opened.getAudioTracks()) this.#watch(track, "microphone");
    for (const track of opened.getVideoTracks()) this.#watch(track, "camera");
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

  /** Use this microphone instead of the one before. @param {MediaStream} opened @returns {MediaStream} with all that is held */
  replaceMicrophone(opened) {
    this.stream?.getAudioTracks().forEach((track) => track.stop());
    return this.take(opened);
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

  /** Ids of the devices that are held; empty = none. @returns {Record<Device, string>} */
  get inUse() {
    const id = (/** @type {MediaStreamTrack | undefined} */ track) => (track?.readyState === "live" && track.getSettings().deviceId) || "";
    return { microphone: id(this.stream?.getAudioTracks()[0]), camera: id(this.stream?.getVideoTracks()[0]) };
  }

  /** @returns {number} 0 to 1 */
  get level() {
    return this.#meter?.level ?? 0;
  }

  /** Lights off. */
  release() {
    clearTimeout(this.#interruptedTimer);
    this.#meter?.close();
    this.#meter = null;
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
  }

  /**
   * A track ends when its device is pulled out or no longer allowed; it is muted while another program has the device
   * (Media Capture and Streams, §4.3).
   * @param {MediaStreamTrack} track
   * @param {Device} device
   */
  #watch(track, device) {
    track.onended = () => this.#events.ended(device);
    track.onmute = () => {
      this.#interruptedTimer = setTimeout(() => track.muted && track.readyState === "live" && this.#events.interrupted(device), INTERRUPTED_MS);
    };
    track.onunmute = () => this.#events.goesOn(device);
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
