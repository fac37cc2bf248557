// @ts-check
/**
 * `<visavis-avatar persona="ava">`: the living portrait.
 *
 * First a picture of the persona, over which the 3-D head fades in. The flat portrait moves instead where there is no fast WebGL 2,
 * where the head's files are missing, and when the head is lost or too slow. Under reduced motion nothing moves.
 */

import { html } from "../../shared/dom.js";
import { Follower } from "./inertia.js";
import { Life } from "./life.js";
import { Quality } from "./quality.js";
import { canDrawHeads, openRenderer, PERSONAS } from "./renderers.js";
import { CLOSED } from "./visemes.js";

/** @typedef {import("./visemes.js").Mouth} Mouth */
/** @typedef {import("./life.js").Mood} Mood */
/** @typedef {import("./renderers.js").Renderer} Renderer */
/** @typedef {import("./renderers.js").Kind} Kind */

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

/** While nobody speaks, all motion is slow: wait this long between frames. */
const IDLE_WAIT_MS = 34;

/** What a frame may take while something moves fast, and while all is calm, before the head is drawn less finely. */
const LIVELY_BUDGET_MS = 38;
const CALM_BUDGET_MS = 80;

/** In which a jaw follows most of what is asked of it. */
const JAW_SECONDS = 0.03;

/** How long what was shown before stays below what fades in. */
const FADE_MS = 700;

export class AvatarElement extends HTMLElement {
  static observedAttributes = ["persona"];

  /** Gives the mouth for a time of `performance.now()`, or null when silent. @type {((nowMs: number) => Mouth | null) | null} */
  mouthSource = null;

  #life = new Life(Math.random);
  #jaw = new Follower(JAW_SECONDS);
  #quality = new Quality();
  /** @type {Renderer | null} */
  #renderer = null;
  /** A head that may come back. @type {Renderer | null} */
  #lost = null;
  /** @type {Kind | "picture" | null} */
  #kind = null;
  /** Rises whenever what is being opened is no longer wanted. */
  #opening = 0;
  #frame = 0;
  #wait = 0;
  #lastMs = 0;
  #still = matchMedia("(prefers-reduced-motion: reduce)");
  #wish = new URLSearchParams(location.search).get("avatar");
  #resized = new ResizeObserver(() => this.#resize());
  #restart = () => this.#start();
  #rebuild = () => this.#build();
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
    document.addEventListener("visibilitychange", this.#restart);
    this.#still.addEventListener("change", this.#rebuild);
    this.#resized.observe(this);
    this.#build();
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.#restart);
    this.#still.removeEventListener("change", this.#rebuild);
    this.#resized.disconnect();
    this.#clear();
  }

  attributeChangedCallback() {
    if (this.isConnected) this.#build();
  }

  /** @param {Mood} mood */
  set mood(mood) {
    this.#life.setMood(mood, performance.now() / 1000);
    if (this.#still.matches) this.#draw(performance.now());
  }

  /** What is shown now: "head" (3-D), "portrait" (flat), "picture" (still), or null while nothing is there yet. */
  get shown() {
    return this.#kind;
  }

  get #persona() {
    const wanted = this.getAttribute("persona") ?? "";
    return PERSONAS.includes(wanted) ? wanted : PERSONAS[0];
  }

  #clear() {
    this.#stop();
    this.#opening += 1;
    this.#renderer?.dispose();
    this.#lost?.dispose();
    this.#renderer = this.#lost = this.#kind = null;
    this.#root.replaceChildren();
  }

  #build() {
    this.#clear();
    if (this.#still.matches) this.#showPicture(() => this.#open("portrait"));
    else if (this.#wish === "3d" || (this.#wish !== "2d" && canDrawHeads())) {
      this.#showPicture(() => {});
      this.#open("head");
    } else this.#open("portrait");
  }

  /** The first paint, framed as the camera frames the head. @param {() => void} missing what to do when there is no picture */
  #showPicture(missing) {
    const src = new URL(`portraits/${this.#persona}.webp`, import.meta.url).href;
    const picture = html("img", { class: "picture", alt: "", decoding: "async", src });
    const opening = this.#opening;
    this.#kind = "picture";
    picture.addEventListener("error", () => {
      picture.remove();
      if (opening === this.#opening) missing();
    });
    this.#root.append(picture);
  }

  /** @param {Kind} kind */
  async #open(kind) {
    const opening = (this.#opening += 1);
    try {
      const renderer = await openRenderer(kind, this.#root, this.#persona);
      if (opening === this.#opening) this.#show(kind, renderer);
      else renderer.dispose();
    } catch (problem) {
      // Only the flat portrait is a part of the page; without it something is badly wrong.
      if (kind === "portrait") throw problem;
      if (opening === this.#opening) this.#open("portrait");
    }
  }

  /** @param {Kind} kind @param {Renderer} renderer */
  #show(kind, renderer) {
    const before = [...this.#root.children].filter((child) => child !== renderer.element);
    setTimeout(() => before.forEach((child) => child.remove()), FADE_MS);
    this.#renderer?.dispose();
    this.#renderer = renderer;
    this.#kind = kind;
    renderer.onlost = () => this.#lose(renderer);
    if (renderer.level !== undefined) this.#setLevel();
    this.#start();
  }

  /** The graphics card has dropped the head: the flat portrait at once, and the head again when that is possible. @param {Renderer} lost */
  #lose(lost) {
    if (this.#renderer !== lost) return;
    lost.element.hidden = true;
    this.#renderer = null;
    this.#lost = lost;
    lost.onback = () => {
      lost.dispose();
      this.#lost = null;
      this.#open("head");
    };
    this.#open("portrait");
  }

  #start() {
    this.#stop();
    this.#draw(performance.now());
    if (!document.hidden && !this.#still.matches) this.#next(false);
  }

  #stop() {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#wait);
    this.#lastMs = 0;
  }

  /** One frame now, and the next at once while the mouth moves or the eyes blink, else after a wait. @param {boolean} hurried no wait before it */
  #next(hurried) {
    this.#frame = requestAnimationFrame((nowMs) => {
      this.#measure(nowMs, hurried);
      const lively = this.#draw(nowMs);
      if (lively) this.#next(true);
      else this.#wait = setTimeout(() => this.#next(false), IDLE_WAIT_MS);
    });
  }

  /** @param {number} nowMs @param {boolean} hurried */
  #measure(nowMs, hurried) {
    const tookMs = this.#lastMs ? nowMs - this.#lastMs : 0;
    this.#lastMs = nowMs;
    if (this.#kind === "head" && this.#quality.measure(tookMs, hurried ? LIVELY_BUDGET_MS : CALM_BUDGET_MS)) this.#setLevel();
  }

  #setLevel() {
    const level = this.#quality.level;
    if (this.#renderer && level) this.#renderer.level = level;
    else if (this.#wish !== "3d") this.#open("portrait");
  }

  #resize() {
    if (!this.#renderer) return;
    this.#renderer.resize();
    this.#draw(performance.now());
  }

  /**
   * @param {number} nowMs
   * @returns {boolean} whether something moves fast
   */
  #draw(nowMs) {
    const now = nowMs / 1000;
    if (this.#still.matches) {
      this.#renderer?.pose({ ...this.#life.still(), mouth: CLOSED });
      return false;
    }
    const face = this.#life.at(now);
    const source = this.mouthSource?.(nowMs) ?? null;
    const mouth = source ?? CLOSED;
    const open = this.#jaw.follow(mouth.open, now);
    this.#renderer?.pose({ ...face, mouth: { ...mouth, open: Math.max(0, open) } });
    return source !== null || face.lids < 1 || this.#jaw.moving(mouth.open);
  }
}

customElements.define("visavis-avatar", AvatarElement);
