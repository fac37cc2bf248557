// @ts-check
/** Microphone and camera that the flow asks for during the call: held already, allowed for good, or asked for by a card. */

import { alreadyAllowed, openWanted, verdict } from "./devices.js";

/**
 * @typedef {import("./devices.js").Device} Device
 * @typedef {import("./types.js").DeviceProblem} DeviceProblem
 */

/** @type {readonly Device[]} */
const DEVICES = ["microphone", "camera"];

export class AskedDevices {
  #media;
  #around;

  /**
   * @param {import("./media.js").Media} media
   * @param {import("./types.js").Surroundings} around
   */
  constructor(media, around) {
    this.#media = media;
    this.#around = around;
  }

  /**
   * The server wants devices: what is held needs no question, what is allowed for good needs no card.
   * @param {string} requestId
   * @param {boolean} camera
   * @param {boolean} microphone
   */
  async want(requestId, camera, microphone) {
    const missing = { camera: camera && !this.#media.holds("camera"), microphone: microphone && !this.#media.holds("microphone") };
    const devices = DEVICES.filter((device) => missing[device]);
    if (devices.length === 0) {
      this.#answer(requestId, {});
      return;
    }
    const card = !(await alreadyAllowed(devices));
    const asking = this.#around.state().permissions?.asking ?? false; // Asked again after a reconnect, over the browser's open question.
    this.#around.dispatch({ type: "devicesWanted", requestId, ...missing, card, asking });
    if (!card) await this.open();
  }

  /** Have the browser ask. */
  async open() {
    const wanted = this.#around.state().permissions;
    if (!wanted || wanted.asking) return;
    this.#around.dispatch({ type: "browserAsks" });
    const { stream, problems } = await openWanted(DEVICES.filter((device) => wanted[device]), this.#media.wished);
    const call = this.#around.call();
    const requestId = this.#around.state().permissions?.requestId;
    if (!requestId || !call) {
      stream.getTracks().forEach((track) => track.stop()); // The talk went on without them.
      return;
    }
    this.#media.take(stream);
    if (this.#media.stream) await call.takeDevices(this.#media.stream);
    this.#answer(requestId, problems);
  }

  /** The person would rather not. */
  decline() {
    const requestId = this.#around.state().permissions?.requestId;
    if (requestId) this.#answer(requestId, { microphone: "denied", camera: "denied" });
  }

  /**
   * @param {string} requestId
   * @param {Partial<Record<Device, DeviceProblem>>} problems why what is not held is not
   */
  #answer(requestId, problems) {
    const microphone = this.#media.holds("microphone");
    const camera = this.#media.holds("camera");
    this.#around.call()?.send("permissions", {
      requestId,
      camera: camera ? "granted" : verdict(problems.camera),
      microphone: microphone ? "granted" : verdict(problems.microphone),
    });
    this.#around.dispatch({ type: "devicesAnswered", microphone, camera });
  }
}
