// @ts-check
/** Devices that are pulled out during the call, and how they come back. */

import { openWanted } from "./devices.js";

export class LostDevices {
  #media;
  #around;

  /**
   * @param {import("./media.js").Media} media
   * @param {import("./checks.js").Surroundings} around
   */
  constructor(media, around) {
    this.#media = media;
    this.#around = around;
  }

  /** A device was pulled out. @param {import("./devices.js").Device} device */
  ended(device) {
    if (device === "microphone") void this.#microphoneEnded();
    else this.#cameraEnded();
  }

  /** A device came or went: take again what was lost. */
  find() {
    const { screen, microphone, notice, camera } = this.#around.state();
    if (screen !== "call") return;
    if (microphone === "absent" && notice === "microphone_lost") void this.#openMicrophone();
    if (camera === "lost") void this.openCamera();
  }

  /** A camera during the call, where there was none or the one that we had is gone. */
  async openCamera() {
    const { stream, problems } = await openWanted(["camera"]);
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
    if (this.#media.stream) await call.takeDevices(this.#media.stream);
  }

  #cameraEnded() {
    this.#around.call()?.tellCamera();
    this.#around.dispatch({ type: "cameraLost" });
  }

  async #microphoneEnded() {
    await this.#around.call()?.replaceMicrophone(null);
    this.#around.dispatch({ type: "microphoneLost" });
  }

  async #openMicrophone() {
    try {
      const found = await navigator.mediaDevices.getUserMedia({ audio: true });
      const [track] = found.getAudioTracks();
      await this.#around.call()?.replaceMicrophone(track);
      track.onended = () => void this.#microphoneEnded();
      this.#media.measure(found);
      this.#around.dispatch({ type: "microphoneBack" });
    } catch {
      // Still none: the notice stays.
    }
  }
}
