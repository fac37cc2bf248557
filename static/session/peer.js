// @ts-check
/** The call: dials, redials with the same page id when the connection dies, plays the avatar's voice. */

import { PlaybackClock } from "./avatar/clock.js";
import { Speaker } from "./avatar/speaker.js";
import { Connection } from "./connection.js";
import { describeCamera, readStatistics } from "./reports.js";
import { ServerError } from "./server.js";

/** @typedef {import("./avatar/visemes.js").Mouth} Mouth */

/** Waits before the attempts to reconnect. */
const BACKOFF_MS = [0, 300, 1_200, 2_700, 4_800, 7_000];

/** Attempts before the page gives up. */
export const MOST_ATTEMPTS = BACKOFF_MS.length;

const STATISTICS_MS = 2_000;

/** From "being played", as browsers report it, to the loudspeaker. */
const OUTPUT_DELAY_MS = 20;

/** Jitter buffer of a browser that does not tell its own. */
const USUAL_JITTER_BUFFER_MS = 80;

/** The goodbye is still in the jitter buffer when the server says that all is over. */
const LAST_WORDS_MS = 300;

/** Answers after which dialling again is of no use. */
const FINAL_CODES = new Set(["client_secret_unknown", "client_secret_expired", "session_finished", "busy", "invalid_sdp"]);

/**
 * @typedef {object} CallOptions
 * @property {import("./server.js").Server} server
 * @property {RTCIceServer[]} iceServers
 * @property {HTMLAudioElement} audio
 * @property {string} language to be spoken
 * @property {(event: {type: string} & Record<string, any>) => void} dispatch
 * @property {(error: ServerError) => void} refused the server will not have this call
 */

export class Call {
  #options;
  #pageId = randomId();
  /** @type {MediaStream | null} */
  #stream = null;
  #devicesLater = false;
  /** @type {Connection | null} */
  #connection = null;
  #clock = new PlaybackClock();
  #speaker = new Speaker();
  #jitterBufferMs = USUAL_JITTER_BUFFER_MS;
  #attempt = 0;
  #redialTimer = 0;
  #statisticsTimer = 0;
  #ended = false;
  #muted = false;
  /** @type {"face" | "document"} what the camera is pointed at */
  #purpose = "face";
  #cameraSwitches = false;
  /** The last word about the camera, as JSON. */
  #toldCamera = "";
  #listeners = new AbortController();

  /** @param {CallOptions} options */
  constructor(options) {
    this.#options = options;
    const { signal } = this.#listeners;
    addEventListener("online", () => this.#redialNow(), { signal });
    addEventListener("pageshow", ({ persisted }) => persisted && this.#redial(), { signal });
    document.addEventListener("resume", () => this.#connection?.wake(), { signal }); // Page Lifecycle: the page was frozen.
    document.addEventListener("visibilitychange", () => document.hidden || this.#connection?.wake(), { signal });
  }

  /**
   * @param {MediaStream | null} stream null: the person types, for the time being
   * @param {boolean} devicesLater the flow asks for microphone and camera during the call
   */
  start(stream, devicesLater) {
    this.#stream = stream;
    this.#devicesLater = devicesLater;
    this.#statisticsTimer = setInterval(() => void this.#sendStatistics(), STATISTICS_MS);
    void this.#dial();
  }

  /**
   * @param {Parameters<Connection["send"]>[0]} type
   * @param {Record<string, unknown>} fields
   * @returns {boolean} false when there is no connection now
   */
  send(type, fields) {
    return this.#connection?.send(type, fields) ?? false;
  }

  /** Devices were opened during the call. @param {MediaStream} stream */
  async takeDevices(stream) {
    this.#stream = stream;
    for (const track of stream.getAudioTracks()) track.enabled = !this.#muted;
    const taken = await this.#connection?.take(stream);
    if (taken === false) {
      await this.#dial();
      return;
    }
    this.#tellMicrophone();
    this.tellCamera();
  }

  /** One camera goes off before another comes on; what is between is no news. Ends with `takeCamera`. */
  expectCamera() {
    this.#cameraSwitches = true;
  }

  /**
   * Another camera in the place of the one before, or none.
   * @param {MediaStream} stream which holds it
   * @param {"face" | "document"} purpose
   */
  async takeCamera(stream, purpose) {
    this.#stream = stream;
    this.#purpose = purpose;
    this.#cameraSwitches = false;
    const taken = await this.#connection?.takeCamera(stream.getVideoTracks()[0] ?? null, purpose === "document");
    if (taken === false) await this.#dial();
    else this.tellCamera();
  }

  /** @param {boolean} muted */
  setMuted(muted) {
    this.#muted = muted;
    for (const track of this.#stream?.getAudioTracks() ?? []) track.enabled = !muted;
    this.#tellMicrophone();
  }

  /** @param {boolean} on */
  setCamera(on) {
    for (const track of this.#stream?.getVideoTracks() ?? []) track.enabled = on;
    this.#tellCameraNews();
  }

  /** Which camera is on, for the server. */
  tellCamera() {
    const camera = this.#camera;
    if (this.#connection?.send("camera", camera)) this.#toldCamera = JSON.stringify(camera);
  }

  /** Another microphone, or none any more. @param {MediaStreamTrack | null} track */
  async replaceMicrophone(track) {
    if (!this.#stream) return;
    for (const old of this.#stream.getAudioTracks()) this.#stream.removeTrack(old);
    if (track) {
      track.enabled = !this.#muted;
      this.#stream.addTrack(track);
      await this.#connection?.replaceMicrophone(track);
    }
    this.#tellMicrophone();
  }

  /** The person ends the session. */
  leave() {
    const peerId = this.#connection?.peerId ?? null;
    this.#connection?.send("leave");
    return this.#options.server.leave(peerId);
  }

  close() {
    this.#ended = true;
    this.#listeners.abort();
    clearTimeout(this.#redialTimer);
    clearInterval(this.#statisticsTimer);
    this.#hangUp();
    this.#stream?.getTracks().forEach((track) => track.stop());
  }

  /**
   * The mouth for what is heard at `nowMs`, or null while the avatar is silent.
   * @param {number} nowMs
   * @returns {Mouth | null}
   */
  mouthAt(nowMs) {
    if (!this.#speaker.busy || this.#options.audio.muted) return null;
    const rtp = this.#connection?.playedRtp ?? null;
    if (rtp !== null) this.#clock.read(rtp, nowMs);
    return this.#clock.running ? this.#speaker.mouthAt(this.#clock.rtpAt(nowMs - OUTPUT_DELAY_MS)) : null;
  }

  async #dial() {
    const { server, iceServers, dispatch, refused } = this.#options;
    this.#hangUp();
    dispatch({ type: "dialling", attempt: this.#attempt });
    const connection = new Connection(server, iceServers, { stream: this.#stream, later: this.#devicesLater }, {
      message: (message) => this.#receive(message),
      audio: (stream) => this.#play(stream),
      dead: () => this.#lost(connection),
    });
    this.#connection = connection;
    try {
      await connection.dial(this.#pageId, this.#options.language);
    } catch (error) {
      if (this.#connection !== connection) return;
      if (error instanceof ServerError && FINAL_CODES.has(error.code)) {
        this.close();
        refused(error);
      } else {
        this.#lost(connection);
      }
    }
  }

  /** @param {Connection} connection */
  #lost(connection) {
    if (this.#ended || connection !== this.#connection) return;
    this.#hangUp();
    const { dispatch } = this.#options;
    if (this.#attempt >= BACKOFF_MS.length) {
      this.close();
      dispatch({ type: "linkGivenUp" });
      return;
    }
    if (this.#attempt === 0) dispatch({ type: "linkLost" });
    const waitMs = BACKOFF_MS[this.#attempt];
    this.#attempt += 1;
    this.#redialTimer = setTimeout(() => void this.#dial(), waitMs);
  }

  /** The network is back: no need to sit out the wait. */
  #redialNow() {
    if (this.#attempt > 0) this.#redial();
  }

  /** Also out of the browser's cache of pages left by the back button: whatever connection there was is dead. */
  #redial() {
    if (this.#ended) return;
    clearTimeout(this.#redialTimer);
    this.#attempt = 1;
    void this.#dial();
  }

  #hangUp() {
    this.#connection?.close();
    this.#connection = null;
    this.#clock.reset();
    this.#speaker.clear();
  }

  /** @param {Record<string, any>} message */
  #receive(message) {
    const { audio, dispatch } = this.#options;
    switch (message.type) {
      case "hello":
        this.#attempt = 0;
        audio.muted = false;
        this.#tellMicrophone();
        this.tellCamera();
        break;
      case "speech":
        if (!this.#speaker.busy) this.#clock.guess(message.rtpTimestamp, performance.now(), this.#jitterBufferMs);
        this.#speaker.announce(/** @type {any} */ (message));
        audio.muted = false;
        break;
      case "speechStopped":
        this.#speaker.stop(message.utteranceId);
        audio.muted = true; // What lies in the jitter buffer must not be heard after an interruption.
        break;
      case "speechPaused":
        this.#speaker.pause(message.utteranceId);
        audio.muted = true;
        break;
      case "speechResumed":
        this.#speaker.resume(message.utteranceId, message.rtpTimestamp, message.offsetMs);
        audio.muted = false;
        break;
      case "finished":
        this.#ended = true; // What dies now is not dialled again.
        setTimeout(() => {
          this.close();
          dispatch(/** @type {any} */ (message));
        }, LAST_WORDS_MS);
        return;
      case "replaced":
        this.close();
        break;
    }
    dispatch(/** @type {any} */ (message));
  }

  /** @param {MediaStream} stream */
  #play(stream) {
    const { audio, dispatch } = this.#options;
    audio.srcObject = stream;
    audio.play().catch((error) => error.name === "NotAllowedError" && dispatch({ type: "soundBlocked" }));
  }

  #tellMicrophone() {
    const present = (this.#stream?.getAudioTracks().length ?? 0) > 0;
    this.#connection?.send("microphone", { state: present ? (this.#muted ? "muted" : "live") : "absent" });
  }

  /** Turning a phone changes width and height, for which there is no event. */
  #tellCameraNews() {
    if (!this.#cameraSwitches && JSON.stringify(this.#camera) !== this.#toldCamera) this.tellCamera();
  }

  get #camera() {
    return describeCamera(this.#stream?.getVideoTracks()[0], this.#purpose);
  }

  async #sendStatistics() {
    this.#tellCameraNews();
    const connection = this.#connection;
    const report = await connection?.getStats().catch(() => null);
    if (!report || !connection) return;
    const found = readStatistics(report);
    this.#jitterBufferMs = found.jitterBufferMs || USUAL_JITTER_BUFFER_MS;
    connection.send("statistics", found);
  }
}

/** `crypto.randomUUID` is kept from pages without https, which may still type. @returns {string} */
function randomId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
