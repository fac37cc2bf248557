// @ts-check
/**
 * `<visavis-avatar persona="ava">`: first a painted picture of the persona. What moves is loaded with `live()`, when the page has
 * nothing better to do, and fades in over the picture: see `living.js`.
 */

import { html } from "../../shared/dom.js";
import { personaOr } from "./cast.js";

/** @typedef {import("./visemes.js").Mouth} Mouth */
/** @typedef {import("./life.js").Mood} Mood */
/** @typedef {(nowMs: number) => Mouth | null} MouthSource the mouth for a time of `performance.now()`, or null when silent */

/** The head's picture is square and as high as the place, so it reaches a little beyond its sides, where it fades out. */
const STYLE = `
  :host { display: block; aspect-ratio: 8 / 9; position: relative; }
  .portrait { position: relative; inline-size: 100%; block-size: 100%; }
  svg { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; overflow: visible; will-change: transform; }
  .head { transform-origin: 50% 76.7%; }
  .picture, .head3d {
    position: absolute; inset-block: 0; left: 50%; block-size: 100%; inline-size: auto; aspect-ratio: 1; translate: -50% 0;
    mask-image: linear-gradient(to right, transparent, #000 9%, #000 91%, transparent);
  }
  .head3d, .portrait { animation: appear 0.6s ease-out; }
  @keyframes appear { from { opacity: 0; } }
  @media (prefers-reduced-motion: reduce) { .head3d, .portrait { animation: none; } }
`;

export class AvatarElement extends HTMLElement {
  static observedAttributes = ["persona"];

  /** @type {MouthSource | null} */
  mouthSource = null;

  /** @type {Mood} */
  #mood = "idle";
  /** @type {import("./living.js").Living | null} */
  #living = null;
  #isWanted = false;
  #resized = new ResizeObserver(() => this.#living?.resize());
  #root;

  constructor() {
    super();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    this.#root = this.attachShadow({ mode: "open" });
    this.#root.adoptedStyleSheets = [sheet];
  }

  connectedCallback() {
    this.setAttribute("role", "img");
    this.#resized.observe(this);
    this.#build();
    if (this.#isWanted) void this.live();
  }

  disconnectedCallback() {
    this.#resized.disconnect();
    this.#living?.dispose();
    this.#living = null;
    this.#root.replaceChildren();
  }

  attributeChangedCallback() {
    if (this.isConnected) this.#build();
  }

  /** Load what moves. Where that does not come, the picture stays. */
  async live() {
    this.#isWanted = true;
    const { Living } = await import("./living.js");
    if (!this.isConnected || this.#living) return;
    this.#living = new Living({
      root: this.#root,
      persona: () => this.#persona,
      mouthAt: (nowMs) => this.mouthSource?.(nowMs) ?? null,
      rebuild: () => this.#build(),
    });
    this.#living.mood = this.#mood;
    if (this.hasAttribute("persona")) this.#living.build();
  }

  /** @param {Mood} mood */
  set mood(mood) {
    this.#mood = mood;
    if (this.#living) this.#living.mood = mood;
  }

  /** What is shown now: "head" (3-D), "portrait" (flat), "picture" (still), or null while nothing is there. */
  get shown() {
    return this.#living?.kind ?? (this.#root.hasChildNodes() ? "picture" : null);
  }

  get #persona() {
    return personaOr(this.getAttribute("persona"));
  }

  /** The picture, framed as the camera frames the head, and then what moves. Nothing while it is not known who it is. */
  #build() {
    if (!this.hasAttribute("persona")) return;
    const src = new URL(`portraits/${this.#persona}.webp`, import.meta.url).href;
    const picture = html("img", { class: "picture", alt: "", decoding: "async", src });
    picture.addEventListener("error", () => {
      const isOurs = picture.isConnected;
      picture.remove();
      if (isOurs) this.#living?.pictureMissing();
    });
    this.#root.replaceChildren(picture);
    this.#living?.build();
  }
}

customElements.define("visavis-avatar", AvatarElement);
