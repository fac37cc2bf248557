// @ts-check
/** Microphone and camera that the flow asks for during the call: held already, allowed for good, or asked for by a card. */

import { alreadyAllowed, openWanted, verdict } from "./devices.js";

/**
 * @typedef {import("./devices.js").Device} Device
 * @typedef {import("./state.js").DeviceProblem} DeviceProblem
 *
 * @typedef {object} Surroundings
 * @property {() => import("./requests.js").PermissionsRequest | null} wanted what the page shows as missing
 * @property {() => import("./peer.js").Call | null} call
 * @property {(event: {type: string} & Record<string, any>) => void} dispatch
 */

export class AskedDevices {
  #media;
  #around;

  /**
   * @param {import("./media.js").Media} media
   * @param {Surroundings} around
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
    const asking = this.#around.wanted()?.asking ?? false; // Asked again after a reconnect, over the browser's open question.
    this.#around.dispatch({ type: "devicesWanted", requestId, ...missing, asking });
    if (!missing.camera && !missing.microphone) this.#answer({});
    else if (await alreadyAllowed(this.#missing())) await this.open();
  }

  /** Have the browser ask. */
  async open() {
    if (this.#around.wanted()?.asking !== false) return;
    this.#around.dispatch({ type: "browserAsks" });
    const { stream, problems } = await openWanted(this.#missing());
    const call = this.#around.call();
    if (!this.#around.wanted() || !call) {
      stream.getTracks().forEach((track) => track.stop()); // The talk went on without them.
      return;
    }
    this.#media.take(stream);
    if (this.#media.stream) await call.takeDevices(this.#media.stream);
    this.#answer(problems);
  }

  /** The person would rather not. */
  decline() {
    this.#answer({ microphone: "denied", camera: "denied" });
  }

  /** @returns {Device[]} */
  #missing() {
    const wanted = this.#around.wanted();
    return /** @type {const} */ (["microphone", "camera"]).filter((device) => wanted?.[device]);
  }

  /** @param {Partial<Record<Device, DeviceProblem>>} problems why what is not held is not */
  #answer(problems) {
    const { requestId } = this.#around.wanted() ?? {};
    if (!requestId) return;
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
