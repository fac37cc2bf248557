// @ts-check
/** Devices that are pulled out, taken by another program or no longer allowed during the call, and how they come back. */

import { openWanted, permissionState, watchPermission } from "./devices.js";

/** @typedef {import("./devices.js").Device} Device */

/** @type {readonly Device[]} */
const DEVICES = ["microphone", "camera"];

export class LostDevices {
  #media;
  #around;

  /**
   * @param {import("./media.js").Media} media
   * @param {import("./types.js").Surroundings} around
   */
  constructor(media, around) {
    this.#media = media;
    this.#around = around;
    for (const device of DEVICES) void watchPermission(device, (state) => this.#permissionChanged(device, state));
  }

  /** A device was pulled out, or is no longer allowed. @param {Device} device */
  ended(device) {
    void (device === "microphone" ? this.#microphoneEnded() : this.#cameraEnded());
  }

  /** Another program has the device, or gave it back. @param {Device} device @param {boolean} interrupted */
  interrupted(device, interrupted) {
    this.#around.dispatch({ type: interrupted ? "deviceInterrupted" : "deviceGoesOn", device });
  }

  /** A device came or went: take again what was lost. */
  find() {
    const { screen, microphone, notice, camera } = this.#around.state();
    if (screen !== "call") return;
    if (microphone === "absent" && (notice === "microphone_lost" || notice === "microphone_revoked")) void this.#openMicrophone();
    if (camera === "lost") void this.openCamera();
  }

  /** A camera during the call, where there was none or the one that we had is gone. */
  async openCamera() {
    const before = this.#around.state().chosen.camera;
    const { stream, problems } = await openWanted(["camera"], this.#media.wished);
    const call = this.#around.call();
    if (!call || this.#media.holds("camera")) {
      stream.getTracks().forEach((track) => track.stop());
      return;
    }
    if (problems.camera) {
      this.#around.dispatch({ type: "cameraProblem", problem: problems.camera });
      return;
    }
    this.#media.take(stream);
    this.#around.dispatch({ type: "cameraBack" });
    this.#sayWhenReplaced("camera", before);
    if (this.#media.stream) await call.takeDevices(this.#media.stream);
  }

  /** @param {Device} device @param {PermissionState} state */
  #permissionChanged(device, state) {
    if (state === "granted") this.find();
    else if (state === "denied" && !this.#media.holds(device)) this.#sayRevoked(device);
  }

  async #cameraEnded() {
    this.#around.call()?.tellCamera();
    this.#around.dispatch({ type: "cameraLost" });
    if ((await permissionState("camera")) === "denied") this.#sayRevoked("camera");
  }

  async #microphoneEnded() {
    await this.#around.call()?.replaceMicrophone(null);
    this.#around.dispatch({ type: "microphoneLost" });
    if ((await permissionState("microphone")) === "denied") this.#sayRevoked("microphone");
  }

  /** What was lost was not pulled out: the person has to allow it again. @param {Device} device */
  #sayRevoked(device) {
    const { screen, microphone, camera } = this.#around.state();
    const lost = device === "microphone" ? microphone === "absent" : camera === "lost";
    if (screen === "call" && lost) this.#around.dispatch({ type: "deviceRevoked", device });
  }

  /** @param {Device} device @param {string} before id of the one that was used */
  #sayWhenReplaced(device, before) {
    if (before && this.#media.inUse[device] !== before) this.#around.dispatch({ type: "deviceReplaced", device });
  }

  async #openMicrophone() {
    const before = this.#around.state().chosen.microphone;
    const { stream, problems } = await openWanted(["microphone"], this.#media.wished);
    if (problems.microphone) return; // Still none: the notice stays.
    const call = this.#around.call();
    if (!call || this.#media.holds("microphone")) {
      stream.getTracks().forEach((track) => track.stop());
      return;
    }
    const held = this.#media.replaceMicrophone(stream);
    await call.takeDevices(held);
    this.#around.dispatch({ type: "microphoneBack" });
    this.#sayWhenReplaced("microphone", before);
  }
}
