// @ts-check
/** The frame that holds a session page, and the talk with it. Other windows and origins are not heard. */

import { inWidget, problem } from "./problems.js";
import { claimsToBeOurs, readMessage, VERSION } from "./protocol.js";

/** A page that has not answered by then gets no answer any more, as a rule. */
const ANSWER_MS = 10_000;

/** What the page does with the person's devices; sharing the screen is none of it. */
const ALLOW = "camera; microphone; autoplay; fullscreen; screen-wake-lock; clipboard-write; display-capture 'none'";

/** CSP directives that decide about frames, the nearest first. */
const FRAME_DIRECTIVES = new Set(["frame-src", "child-src", "default-src"]);

/**
 * @typedef {object} Listener
 * @property {() => Record<string, unknown>} options for the `hello`
 * @property {(message: {type: string} & Record<string, any>) => void} heard
 * @property {(found: import("./problems.js").Problem) => void} failed the page is not there; a late answer may still come
 * @property {() => void} ignored a message that only pretends
 */

export class SessionFrame {
  element = document.createElement("iframe");
  #origin;
  #listener;
  #loadedOnce = false;
  #answered = false;
  #timer = 0;
  #listening = new AbortController();
  /** @type {Map<string, string>} the last message of each type, as JSON */
  #last = new Map();

  /**
   * @param {URL} address of the session page
   * @param {string} title for assistive technology
   * @param {Listener} listener
   */
  constructor(address, title, listener) {
    this.#origin = address.origin;
    this.#listener = listener;
    const { signal } = this.#listening;
    addEventListener("message", (event) => this.#receive(event), { signal });
    document.addEventListener("securitypolicyviolation", (event) => this.#blocked(event), { signal });
    const frame = this.element;
    frame.allow = ALLOW;
    frame.referrerPolicy = "strict-origin";
    frame.title = title;
    frame.addEventListener("load", () => this.#loaded());
    const announced = new URL(address);
    announced.hash = "visavis";
    frame.src = announced.href;
    this.#expectAnswer();
  }

  /** Say what is wished for, again when it has changed. Before the page is there nobody would hear it. */
  greet() {
    if (this.#loadedOnce) this.#post({ type: "hello", options: this.#listener.options() });
  }

  /** Ask the page to close; it asks the person when the call goes on, and answers `close` or the state `leaving`. */
  askClose() {
    this.#post({ type: "close" });
  }

  /** Gone, camera and microphone with it. */
  remove() {
    this.#listening.abort();
    clearTimeout(this.#timer);
    this.element.remove();
  }

  #loaded() {
    this.#loadedOnce = true;
    this.#last.clear();
    this.greet();
  }

  #expectAnswer() {
    this.#timer = setTimeout(() => {
      if (!this.#answered) this.#listener.failed(problem("unreachable", this.#origin));
    }, ANSWER_MS);
  }

  /** @param {Record<string, unknown>} message */
  #post(message) {
    this.element.contentWindow?.postMessage({ visavis: VERSION, ...message }, this.#origin);
  }

  /** @param {MessageEvent} event */
  #receive({ source, origin, data }) {
    if (typeof data === "string" || !claimsToBeOurs(data)) return;
    const message = source === this.element.contentWindow && origin === this.#origin ? readMessage(data) : null;
    if (!message) return this.#listener.ignored();
    this.#answered = true;
    clearTimeout(this.#timer);
    if (message.type !== "close" && this.#isKnown(message)) return;
    if (message.type === "error") Object.assign(message, inWidget(/** @type {any} */ (message), this.#origin));
    this.#listener.heard(message);
  }

  /** A page that is greeted again says again what is so. @param {{type: string} & Record<string, any>} message */
  #isKnown(message) {
    const key = message.type === "error" ? `error ${message.code}` : message.type;
    const words = JSON.stringify(message);
    const known = this.#last.get(key) === words;
    this.#last.set(key, words);
    if (message.type === "state") for (const code of this.#last.keys()) if (code.startsWith("error ")) this.#last.delete(code);
    return known;
  }

  /** @param {SecurityPolicyViolationEvent} event */
  #blocked({ effectiveDirective, blockedURI, disposition }) {
    if (disposition !== "enforce" || !FRAME_DIRECTIVES.has(effectiveDirective) || !blockedURI.startsWith(this.#origin)) return;
    clearTimeout(this.#timer);
    this.#listener.failed(problem("csp_blocked", this.#origin, effectiveDirective));
  }
}
