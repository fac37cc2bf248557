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
  :host { display: block; aspect-ratio: 8 / 9; }
  .portrait { position: relative; inline-size: 100%; block-size: 100%; }
  svg { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; overflow: visible; will-change: transform; }
  .head { transform-origin: 50% 76.7%; }
`;

/** While nobody speaks, all motion is slow: wait this long between frames. */
const IDLE_WAIT_MS = 34;

export class AvatarElement extends HTMLElement {
  static observedAttributes = ["persona"];

  /** Gives the mouth for a time of `performance.now()`, or null when silent. @type {((nowMs: number) => Mouth | null) | null} */
  mouthSource = null;

  #life = new Life(Math.random);
  /** @type {Portrait | null} */
  #portrait = null;
  #frame = 0;
  #wait = 0;
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
    this.#stop();
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
    this.#stop();
    this.#draw(performance.now());
    if (!document.hidden && !this.#still.matches) this.#next();
  }

  #stop() {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#wait);
  }

  /** One frame now, and the next at once while the mouth moves or the eyes blink, else after a wait. */
  #next() {
    this.#frame = requestAnimationFrame((nowMs) => {
      const lively = this.#draw(nowMs);
      if (lively) this.#next();
      else this.#wait = setTimeout(() => this.#next(), IDLE_WAIT_MS);
    });
  }

  /**
   * @param {number} nowMs
   * @returns {boolean} whether something moves fast
   */
  #draw(nowMs) {
    const still = this.#still.matches;
    const face = still ? this.#life.still() : this.#life.at(nowMs / 1000);
    const mouth = still ? null : (this.mouthSource?.(nowMs) ?? null);
    this.#portrait?.pose({ ...face, mouth: mouth ?? CLOSED });
    return mouth !== null || face.lids < 1;
  }
}

customElements.define("visavis-avatar", AvatarElement);
