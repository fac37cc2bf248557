// @ts-check
/** Which microphone, camera and loudspeaker are used: listing them, and changing over before and during the call. */

import { openWanted } from "./devices.js";
import { recall, remember } from "./memory.js";

/**
 * @typedef {import("./device_state.js").Gear} Gear
 * @typedef {import("./device_state.js").Choice} Choice
 */

/** @type {Readonly<Record<MediaDeviceKind, Gear>>} */
const GEAR = { audioinput: "microphone", videoinput: "camera", audiooutput: "speaker" };

/** Not a device, but the browser's own choice, which it lists as well. */
const ALIASES = new Set(["communications"]);

export class DeviceChoice {
  #media;
  #audio;
  #around;
  /** Id of the loudspeaker that was chosen; empty = the browser's own. */
  #speaker = "";

  /**
   * @param {import("./media.js").Media} media
   * @param {HTMLAudioElement} audio what the avatar's voice is heard from
   * @param {import("./types.js").Surroundings} around
   */
  constructor(media, audio, around) {
    this.#media = media;
    this.#audio = audio;
    this.#around = around;
    const { microphone = "", camera = "", speaker = "" } = recall("devices");
    media.wished = { microphone: String(microphone), camera: String(camera) };
    this.#speaker = String(speaker);
  }

  /** List what there is, with names; a browser that keeps the names back lists nothing. */
  async list() {
    const found = (await navigator.mediaDevices?.enumerateDevices?.().catch(() => [])) ?? [];
    /** @type {Record<Gear, Choice[]>} */
    const choices = { microphone: [], camera: [], speaker: [] };
    for (const { kind, deviceId, label } of found) {
      const gear = GEAR[kind];
      if (label && deviceId && !ALIASES.has(deviceId) && (gear !== "speaker" || this.#canChooseSpeaker)) choices[gear].push({ id: deviceId, label });
    }
    if (choices.speaker.length > 0) await this.#useSpeaker(); // Not before: it takes the same permission as the names.
    const chosen = { ...this.#media.inUse, speaker: this.#sink || choices.speaker[0]?.id || "" };
    this.#around.dispatch({ type: "devicesListed", choices, chosen });
  }

  /** Change over. @param {Gear} gear @param {string} id */
  async choose(gear, id) {
    if (gear === "speaker") this.#speaker = id;
    else {
      this.#media.wished = { ...this.#media.wished, [gear]: id };
      await (gear === "microphone" ? this.#changeMicrophone() : this.#changeCamera());
    }
    remember("devices", { ...this.#media.wished, speaker: this.#speaker });
    await this.list();
  }

  get #canChooseSpeaker() {
    return "setSinkId" in this.#audio;
  }

  /** @returns {string} id of the loudspeaker in use; empty = the browser's own */
  get #sink() {
    return /** @type {any} */ (this.#audio).sinkId ?? "";
  }

  /** A loudspeaker that has gone leaves the one before. */
  async #useSpeaker() {
    if (this.#speaker && this.#speaker !== this.#sink) await /** @type {any} */ (this.#audio).setSinkId(this.#speaker).catch(() => {});
  }

  async #changeMicrophone() {
    const { stream, problems } = await openWanted(["microphone"], this.#media.wished);
    if (problems.microphone) return; // The one before goes on.
    const held = this.#media.replaceMicrophone(stream);
    if (this.#around.state().microphone === "muted") for (const track of held.getAudioTracks()) track.enabled = false;
    await this.#around.call()?.takeDevices(held);
    if (this.#around.state().microphone === "absent") this.#around.dispatch({ type: "microphoneBack" });
  }

  /** One camera goes off before the other comes on: a phone has but one on at a time. */
  async #changeCamera() {
    const { state, call, dispatch } = this.#around;
    if (state().documentCamera) return; // A document is looked at; the scan has a button of its own.
    call()?.expectCamera();
    this.#media.stopCamera();
    const { stream, problems } = await openWanted(["camera"], this.#media.wished);
    for (const track of stream.getTracks()) track.enabled = state().camera !== "off";
    const held = this.#media.replaceCamera(stream);
    await call()?.takeCamera(held, "face");
    if (problems.camera) {
      dispatch({ type: "cameraLost" });
      dispatch({ type: "cameraProblem", problem: problems.camera });
    } else if (state().camera === "lost" || state().camera === "absent") dispatch({ type: "cameraBack" });
  }
}
