// @ts-check
/** Before the call, quietly: is the microphone heard, does the camera see, does the connection hold. Nobody has to wait for it. */

import { measureConnection } from "./preflight_connection.js";

/** Louder than a quiet room (about -41 dBFS), for longer than a click; words have gaps, so silence takes back less than sound gives. */
const HEARD_LEVEL = 0.38;
const HEARD_MS = 250;
const GAP_SHARE = 0.25;

/** Whoever has not been heard by then may be muted by a switch. */
const QUIET_AFTER_MS = 12_000;

/** A camera that has brought no picture by then brings none. */
const FROZEN_AFTER_MS = 4_000;

/** Mean luma, 0 to 255, under which a face is hard to make out. */
const DARK_LUMA = 42;

const LOOK_MS = 50;
const LOOKS_A_PICTURE = 4;

/** A sample of the picture: enough to tell light from dark. */
const SAMPLE = { width: 32, height: 24 };

/**
 * @typedef {object} Surroundings
 * @property {() => number} level of the microphone, 0 to 1
 * @property {() => MediaStream | null} stream
 * @property {(event: {type: string} & Record<string, any>) => void} dispatch
 */

export class Preflight {
  #around;
  #video = document.createElement("video");
  #brush = Object.assign(document.createElement("canvas"), SAMPLE).getContext("2d", { willReadFrequently: true });
  #timer = 0;
  #begunMs = 0;
  #pictureMs = 0;
  #looks = 0;
  #loudMs = 0;
  /** @type {"waiting" | "heard" | "quiet"} */
  #heard = "waiting";
  /** @type {"waiting" | "bright" | "dark" | "frozen"} */
  #seen = "waiting";
  /** @type {AbortController | null} */
  #connection = null;

  /** @param {Surroundings} around */
  constructor(around) {
    this.#around = around;
    this.#video.muted = true;
    this.#video.playsInline = true;
  }

  /**
   * Look at everything. Begun again it starts afresh.
   * @param {import("./server.js").Server} server
   * @param {RTCIceServer[]} iceServers
   */
  begin(server, iceServers) {
    this.#around.dispatch({ type: "preflightBegun" });
    this.lookAtDevices();
    this.#connection?.abort();
    const run = (this.#connection = new AbortController());
    void measureConnection(server, iceServers, run.signal).then((result) => {
      if (!run.signal.aborted) this.#around.dispatch({ type: "connectionFound", result });
    });
  }

  /** Other devices are held now. */
  lookAtDevices() {
    clearInterval(this.#timer);
    this.#begunMs = this.#pictureMs = performance.now();
    this.#looks = this.#loudMs = 0;
    this.#heard = this.#seen = "waiting";
    this.#video.srcObject = this.#around.stream();
    void this.#video.play().catch(() => {});
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  stop() {
    clearInterval(this.#timer);
    this.#connection?.abort();
    this.#video.srcObject = null;
  }

  #look() {
    const now = performance.now();
    const loud = this.#around.level() > HEARD_LEVEL;
    this.#loudMs = Math.max(0, this.#loudMs + (loud ? LOOK_MS : -LOOK_MS * GAP_SHARE));
    if (this.#loudMs >= HEARD_MS) this.#setHeard("heard");
    else if (now - this.#begunMs > QUIET_AFTER_MS && this.#heard === "waiting") this.#setHeard("quiet");
    this.#looks += 1;
    if (this.#looks % LOOKS_A_PICTURE > 0) return;
    const luma = this.#luma();
    if (luma !== null) this.#pictureMs = now;
    if (luma !== null) this.#setSeen(luma < DARK_LUMA ? "dark" : "bright");
    else if (now - this.#pictureMs > FROZEN_AFTER_MS) this.#setSeen("frozen");
  }

  /** Told once: a word that goes while it is read helps nobody. @param {"heard" | "quiet"} result */
  #setHeard(result) {
    if (result === this.#heard) return;
    this.#heard = result;
    this.#around.dispatch({ type: "microphoneFound", result });
  }

  /** @param {"bright" | "dark" | "frozen"} result */
  #setSeen(result) {
    if (result === this.#seen) return;
    this.#seen = result;
    this.#around.dispatch({ type: "cameraFound", result });
  }

  /** How bright the picture is. @returns {number | null} mean luma (ITU-R BT.601), 0 to 255; null without a picture */
  #luma() {
    const [track] = this.#around.stream()?.getVideoTracks() ?? [];
    if (!this.#brush || !track?.enabled || track.muted || this.#video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return null;
    this.#brush.drawImage(this.#video, 0, 0, SAMPLE.width, SAMPLE.height);
    const { data } = this.#brush.getImageData(0, 0, SAMPLE.width, SAMPLE.height);
    let sum = 0;
    for (let at = 0; at < data.length; at += 4) sum += 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
    return sum / (data.length / 4);
  }
}
