// @ts-check
/** The part of the page before the call: devices, what the check of them finds, consent, and going on with a phone. Loaded after the welcome. */

import { Consent } from "./consent.js";
import { DeviceChoice } from "./device_choice.js";
import { DEVICE_HANDLERS } from "./device_state.js";
import { DeviceError, openDevices } from "./devices.js";
import { HandOff } from "./handoff.js";
import { handoffDialog } from "./handoff_dialog.js";
import { LostDevices } from "./lost_devices.js";
import { Media } from "./media.js";
import { Preflight } from "./preflight.js";
import { readyPanel } from "./ready.js";

/** @typedef {import("./types.js").State} State */

export class BeforeCall {
  media = new Media({
    ended: (device) => this.lost.ended(device),
    interrupted: (device) => this.lost.interrupted(device, true),
    goesOn: (device) => this.lost.interrupted(device, false),
  });
  handlers = DEVICE_HANDLERS;
  /** @type {import("./types.js").Addition} */
  view = { panels: { ready: readyPanel }, dialogs: (actions) => [handoffDialog(actions)] };
  #around;
  #choice;
  #consent;
  #preflight;
  #handoff;

  /** @param {import("./types.js").PageSurroundings} around */
  constructor(around) {
    this.#around = around;
    this.lost = new LostDevices(this.media, around);
    this.#consent = new Consent(around.server);
    this.#choice = new DeviceChoice(this.media, around.audio, around);
    this.#preflight = new Preflight({ level: () => this.media.level, stream: () => this.media.stream, dispatch: around.dispatch });
    this.#handoff = new HandOff(around.server, around, around.refused);
    navigator.mediaDevices?.addEventListener?.("devicechange", () => {
      this.lost.find();
      void this.#choice.list();
    });
  }

  /** A part of the actions of the page. */
  get actions() {
    return {
      toggleMicrophone: () => this.#setMuted(this.#around.state().microphone === "live"),
      toggleCamera: () => this.#setCamera(this.#around.state().camera !== "on"),
      openCamera: () => void this.lost.openCamera(),
      level: () => (this.#around.state().microphone === "live" ? this.media.level : 0),
      stream: () => this.media.stream,
      chooseDevice: (/** @type {import("./device_state.js").Gear} */ gear, /** @type {string} */ id) => void this.#choose(gear, id),
      listDevices: () => void this.#choice.list(),
      closeHandoff: () => this.#handoff.close(),
    };
  }

  /** The person goes on, and so agrees to what the welcome says. */
  agree() {
    const { consentWanted, recordingAgreed, recordable } = this.#around.state();
    if (!consentWanted) return;
    this.#consent.give(recordingAgreed ? recordable : []);
    this.#around.dispatch({ type: "agreed" });
  }

  /** Have the browser ask for microphone and camera. */
  async open() {
    this.agree();
    try {
      const stream = await openDevices(this.media.wished);
      this.media.release();
      this.media.take(stream);
      this.#around.dispatch({ type: "devices", microphone: true, camera: this.media.holds("camera") });
    } catch (error) {
      this.#around.dispatch({ type: "deviceProblem", problem: error instanceof DeviceError ? error.problem : "failed" });
    }
  }

  openHandoff() {
    void this.#handoff.open();
  }

  /**
   * @param {State} state
   * @param {State} before
   * @param {{type: string}} event what made the one of the other
   */
  follow(state, before, event) {
    if (event.type === "devices" || event.type === "devicesAnswered") void this.#choice.list();
    if (state.screen === "ready" && before.screen !== "ready") this.#preflight.begin(this.#around.server, this.#around.iceServers());
    if (state.screen !== "ready" && before.screen === "ready") this.#preflight.stop();
    if (event.type === "hello") void this.#consent.tell();
    this.#handoff.follow();
  }

  /** Lights off. */
  release() {
    this.media.release();
  }

  /** @param {import("./device_state.js").Gear} gear @param {string} id */
  async #choose(gear, id) {
    await this.#choice.choose(gear, id);
    if (this.#around.state().screen === "ready" && gear !== "speaker") this.#preflight.lookAtDevices();
  }

  /** @param {boolean} muted */
  #setMuted(muted) {
    this.#around.call()?.setMuted(muted);
    this.#around.dispatch({ type: "microphone", muted });
  }

  /** @param {boolean} on */
  #setCamera(on) {
    for (const track of this.media.stream?.getVideoTracks() ?? []) track.enabled = on;
    this.#around.call()?.setCamera(on);
    this.#around.dispatch({ type: "camera", on });
  }
}
