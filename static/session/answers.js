// @ts-check
/** What the person answers by hand: text, and the values of fields that the server asks for. */

export class Answers {
  #around;

  /** @param {import("./types.js").Surroundings} around */
  constructor(around) {
    this.#around = around;
  }

  /** A part of the actions of the page; each says false when it cannot be sent now. */
  get actions() {
    return {
      sendText: (/** @type {string} */ text) => this.#sendText(text),
      sendInput: (/** @type {string} */ value) => this.#tell("input", "inputSent", { value }),
      cancelInput: () => this.#tell("cancelInput", "inputSent"),
      resendCode: () => this.#tell("resend", "codeWanted"),
      inputUnanswered: (/** @type {string} */ requestId) => this.#around.dispatch({ type: "inputUnanswered", requestId }),
    };
  }

  /** @param {{type: string} & Record<string, any>} message @returns {boolean} false when it is about something else */
  receive(message) {
    if (message.type !== "askInput") return false;
    const { resendAfterMs } = message;
    this.#around.dispatch({ ...message, type: "askInput", resendAt: resendAfterMs < 0 ? null : Date.now() + resendAfterMs });
    return true;
  }

  /** @param {string} text */
  #sendText(text) {
    const sent = this.#around.call()?.send("text", { text }) ?? false;
    if (sent) this.#around.dispatch({ type: "typed" });
    return sent;
  }

  /**
   * @param {"input" | "cancelInput" | "resend"} type of the message
   * @param {string} event what the page makes of it
   * @param {Record<string, unknown>} [fields]
   */
  #tell(type, event, fields = {}) {
    const { requestId } = this.#around.state().input ?? {};
    const sent = requestId !== undefined && (this.#around.call()?.send(type, { requestId, ...fields }) ?? false);
    if (sent) this.#around.dispatch({ type: event, requestId });
    return sent;
  }
}
