// @ts-check
/** What a person sets up from the first moment on: how they like to read and hear, and what they agree to. */

import { keepComfort, keptComfort, showComfort } from "./comfort.js";
import { Consent } from "./consent.js";

/** @typedef {import("./state.js").State} State */

export class Settings {
  #around;
  #consent;

  /**
   * @param {import("./main.js").Surroundings} around
   * @param {import("./server.js").Server} server
   */
  constructor(around, server) {
    this.#around = around;
    this.#consent = new Consent(server);
  }

  /** What this tab kept, once the page is there to show it. */
  begin() {
    this.#around.dispatch({ type: "comfort", change: keptComfort() });
  }

  /** The person goes on, and so agrees to what the welcome says. */
  agree() {
    if (!this.#around.state().consentWanted) return;
    this.#consent.give();
    this.#around.dispatch({ type: "agreed" });
  }

  /**
   * @param {State} state
   * @param {State} before
   * @param {{type: string}} event what made the one of the other
   */
  follow({ comfort }, before, event) {
    if (comfort !== before.comfort) {
      showComfort(document.documentElement, comfort);
      keepComfort(comfort);
    }
    if (event.type === "hello") void this.#consent.tell();
  }
}
