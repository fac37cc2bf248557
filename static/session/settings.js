// @ts-check
/** What a person can set up and look after around the call: devices, the check before it, consent, comfort, going on elsewhere. */

import { openCheck } from "./check_state.js";
import { keepComfort, keptComfort, showComfort, tellPace, USUAL_COMFORT } from "./comfort.js";
import { Consent } from "./consent.js";
import { DeviceChoice } from "./device_choice.js";
import { HandOff } from "./handoff.js";
import { Preflight } from "./preflight.js";

/**
 * @typedef {import("./state.js").State} State
 *
 * @typedef {import("./checks.js").Surroundings & {
 *   media: import("./media.js").Media, audio: HTMLAudioElement, server: import("./server.js").Server,
 *   iceServers: () => RTCIceServer[], refused: (error: unknown) => void
 * }} Surroundings
 */

export class Settings {
  #around;
  #devices;
  #preflight;
  #consent;
  #handoff;

  /** @param {Surroundings} around */
  constructor(around) {
    const { media, audio, server, dispatch, refused } = around;
    this.#around = around;
    this.#devices = new DeviceChoice(media, audio, around);
    this.#preflight = new Preflight({ level: () => media.level, stream: () => media.stream, dispatch });
    this.#consent = new Consent(server);
    this.#handoff = new HandOff(server, around, refused);
  }

  /** What this tab kept, once the page is there to show it. */
  begin() {
    this.#around.dispatch({ type: "comfort", change: keptComfort() });
  }

  /** A part of the actions of the page. */
  get actions() {
    return {
      comfort: (/** @type {Partial<import("./comfort.js").Comfort>} */ change) => this.#around.dispatch({ type: "comfort", change }),
      chooseDevice: (/** @type {import("./settings_state.js").Gear} */ gear, /** @type {string} */ id) => void this.#choose(gear, id),
      listDevices: () => void this.#devices.list(),
      openHandoff: () => void this.#handoff.open(),
      closeHandoff: () => this.#handoff.close(),
    };
  }

  /** The person goes on, and so agrees to what the welcome says. */
  agree() {
    if (!this.#around.state().consentWanted) return;
    this.#consent.give();
    this.#around.dispatch({ type: "agreed" });
  }

  /** A device came or went. */
  devicesChanged() {
    void this.#devices.list();
  }

  /**
   * @param {State} state
   * @param {State} before
   * @param {{type: string}} event what made the one of the other
   */
  follow(state, before, event) {
    if (state.comfort !== before.comfort) this.#comfortChanged(state, before);
    if (event.type === "hello") this.#connected(state);
    if (event.type === "devices" || event.type === "devicesAnswered") void this.#devices.list();
    if (state.screen === "ready" && before.screen !== "ready") this.#preflight.begin(this.#around.server, this.#around.iceServers());
    if (state.screen !== "ready" && before.screen === "ready") this.#preflight.stop();
    if (state.settingsOpen && openCheck(state) && !openCheck(before)) this.#around.dispatch({ type: "closeSettings" }); // It would hide what to do.
    this.#handoff.follow();
  }

  /** @param {import("./settings_state.js").Gear} gear @param {string} id */
  async #choose(gear, id) {
    await this.#devices.choose(gear, id);
    if (this.#around.state().screen === "ready" && gear !== "speaker") this.#preflight.lookAtDevices();
  }

  /** @param {State} state @param {State} before */
  #comfortChanged({ comfort }, before) {
    showComfort(document.documentElement, comfort);
    keepComfort(comfort);
    const { speechRate, extraTime } = before.comfort;
    if (speechRate !== comfort.speechRate || extraTime !== comfort.extraTime) tellPace(this.#around.call(), comfort);
  }

  /** @param {State} state */
  #connected({ comfort }) {
    const usual = comfort.speechRate === USUAL_COMFORT.speechRate && comfort.extraTime === USUAL_COMFORT.extraTime;
    if (!usual) tellPace(this.#around.call(), comfort);
    void this.#consent.tell();
  }
}
