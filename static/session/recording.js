// @ts-check
/** Taking back that one may be recorded: it is said until the server has heard it, over as many connections as that needs. */

import { remember } from "./memory.js";

/** How long the page says that the recording is erased; long enough to be read in the middle of a talk. */
const SAID_MS = 10_000;

export class Recording {
  #around;
  /** The person wants it to stop, and the server has not said yet that it has. */
  #unwanted = false;
  #saidTimer = 0;

  /** @param {import("./types.js").Surroundings} around */
  constructor(around) {
    this.#around = around;
  }

  /** The person has pressed to stop it. */
  stop() {
    this.#unwanted = true;
    remember("recording", {});
    this.#tell();
    this.#around.dispatch({ type: "keepRecording" });
  }

  /**
   * @param {import("./types.js").State} state
   * @param {{type: string}} event what made it
   */
  follow({ recording }, { type }) {
    if (type !== "recording") return;
    if (recording === "on") this.#tell();
    else this.#unwanted = false;
    clearTimeout(this.#saidTimer);
    if (recording === "erased") this.#saidTimer = setTimeout(() => this.#around.dispatch({ type: "recordingSaid" }), SAID_MS);
  }

  #tell() {
    if (this.#unwanted) this.#around.call()?.send("stopRecording", {});
  }
}
