// @ts-check
/** `<visavis-avatar persona="ava">`: the living portrait. */

import { Life } from "./life.js";
import { ava } from "./personas/ava.js";
import { leo } from "./personas/leo.js";
import { Portrait } from "./portrait.js";
import { CLOSED } from "./visemes.js";

/** @typedef {import("./visemes.js").Mouth} Mouth */
/** @typedef {import("./life.js").Mood} Mood */

/** @type {Readonly<Record<string, import("./portrait.js").Persona>>} */
export const PERSONAS = Object.freeze({ ava, leo });

const STYLE = `
  :host { display: block; contain: layout paint; }
  svg { display: block; inline-size: 100%; block-size: 100%; overflow: visible; }
`;

/** While nobody speaks, slow motion needs no more. */
const IDLE_FRAME_MS = 1000 / 30 - 4;

export class AvatarElement extends HTMLElement {
  static observedAttributes = ["persona"];

  /** Gives the mouth for a time of `performance.now()`, or null when silent. @type {((nowMs: number) => Mouth | null) | null} */
  mouthSource = null;

  #life = new Life(Math.random);
  /** @type {Portrait | null} */
  #portrait = null;
  #frame = 0;
  #drawnMs = 0;
  #still = matchMedia("(prefers-reduced-motion: reduce)");
  #restart = () => this.#start();

  constructor() {
    super();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet];
  }

  connectedCallback() {
    this.setAttribute("role", "img");
    if (!this.#portrait) this.#build();
    document.addEventListener("visibilitychange", this.#restart);
    this.#still.addEventListener("change", this.#restart);
    this.#start();
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.#restart);
    this.#still.removeEventListener("change", this.#restart);
    cancelAnimationFrame(this.#frame);
  }

  attributeChangedCallback() {
    if (this.isConnected) this.#build();
  }

  /** @param {Mood} mood */
  set mood(mood) {
    this.#life.setMood(mood, performance.now() / 1000);
    if (this.#still.matches) this.#draw(performance.now());
  }

  #build() {
    const persona = PERSONAS[this.getAttribute("persona") ?? ""] ?? ava;
    this.#portrait = new Portrait(persona);
    this.shadowRoot?.replaceChildren(this.#portrait.element);
    this.#draw(performance.now());
  }

  #start() {
    cancelAnimationFrame(this.#frame);
    this.#draw(performance.now());
    if (document.hidden || this.#still.matches) return;
    const tick = (/** @type {number} */ nowMs) => {
      this.#frame = requestAnimationFrame(tick);
      const speaking = this.mouthSource?.(nowMs) != null;
      if (speaking || nowMs - this.#drawnMs >= IDLE_FRAME_MS) this.#draw(nowMs);
    };
    this.#frame = requestAnimationFrame(tick);
  }

  /** @param {number} nowMs */
  #draw(nowMs) {
    this.#drawnMs = nowMs;
    const still = this.#still.matches;
    const face = still ? this.#life.still() : this.#life.at(nowMs / 1000);
    const mouth = still ? CLOSED : (this.mouthSource?.(nowMs) ?? CLOSED);
    this.#portrait?.pose({ ...face, mouth });
  }
}

customElements.define("visavis-avatar", AvatarElement);
