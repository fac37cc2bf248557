// @ts-check
/** `<level-meter>`: bars that follow the microphone. Its `source` is asked for the level while it is on the page. */

import { html } from "../shared/dom.js";

const BARS = 24;
const FRAME_MS = 50;

export class LevelMeterElement extends HTMLElement {
  /** @type {(() => number) | null} 0 to 1 */
  source = null;
  #timer = 0;
  #shown = 0;

  connectedCallback() {
    this.setAttribute("role", "meter");
    this.setAttribute("aria-valuemin", "0");
    this.setAttribute("aria-valuemax", "100");
    if (!this.firstChild) for (let bar = 0; bar < BARS; bar += 1) this.append(html("i"));
    this.#timer = setInterval(() => this.#show(), FRAME_MS);
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
  }

  #show() {
    const level = this.source?.() ?? 0;
    this.#shown = Math.max(level, this.#shown * 0.82);
    const lit = Math.round(this.#shown * BARS);
    [...this.children].forEach((bar, index) => bar.classList.toggle("lit", index < lit));
    this.setAttribute("aria-valuenow", String(Math.round(this.#shown * 20) * 5));
  }
}

customElements.define("level-meter", LevelMeterElement);
