// @ts-check
/** What the person agrees to with the button that begins, and telling the server of it. */

import { CONSENT_VERSION } from "./opening.js";
import { ServerError } from "./server.js";
import { languageTag } from "./strings.js";

/** Answers that would be the same the next time. */
const FINAL_CODES = new Set(["client_secret_unknown", "client_secret_expired", "session_finished"]);

export class Consent {
  #server;
  /** @type {Parameters<import("./server.js").Server["consent"]>[0] | null} given, and not with the server yet */
  #untold = null;
  #telling = false;
  #askedMeanwhile = false;

  /** @param {import("./server.js").Server} server */
  constructor(server) {
    this.#server = server;
  }

  /** The person has agreed, in the language that the page shows now. @param {string[]} recording what may be recorded */
  give(recording) {
    this.#untold = { version: CONSENT_VERSION, locale: languageTag(), ...(recording.length > 0 && { recording }) };
    void this.tell();
  }

  /** Tell the server what it has not been told yet; what does not get through is told at the next connection. */
  async tell() {
    const consent = this.#untold;
    this.#askedMeanwhile = this.#telling;
    if (!consent || this.#telling) return;
    this.#telling = true;
    try {
      await this.#server.consent(consent);
      this.#untold = null;
    } catch (error) {
      if (error instanceof ServerError && FINAL_CODES.has(error.code)) this.#untold = null;
    } finally {
      this.#telling = false;
    }
    if (this.#askedMeanwhile) void this.tell(); // The connection came while it was on its way and did not get through.
  }
}
