// @ts-check
/**
 * What makes the avatar live, loaded when the page is on the screen: blinks, looks and breath, the mouth, and the renderer that shows them.
 *
 * The 3-D head fades in over the painted picture. The flat portrait moves instead where there is no fast WebGL 2, where the head's
 * files are missing, and when the head is lost or too slow. Under reduced motion nothing moves, and the picture stays.
 */

import { Follower } from "./inertia.js";
import { Life } from "./life.js";
import { Quality } from "./quality.js";
import { canDrawHeads, openRenderer } from "./renderers.js";
import { CLOSED } from "./visemes.js";

/** @typedef {import("./renderers.js").Renderer} Renderer */
/** @typedef {import("./renderers.js").Kind} Kind */

/** While nobody speaks, all motion is slow: wait this long between frames. */
const IDLE_WAIT_MS = 34;

/** What a frame may take while something moves fast, and while all is calm, before the head is drawn less finely. */
const LIVELY_BUDGET_MS = 38;
const CALM_BUDGET_MS = 80;

/** In which a jaw follows most of what is asked of it. */
const JAW_SECONDS = 0.03;

/** How long what was shown before stays below what fades in. */
const FADE_MS = 700;

/**
 * @typedef {object} Host
 * @property {ShadowRoot} root where the picture is, and the renderer's element goes
 * @property {() => string} persona one of `PERSONAS`
 * @property {import("./element.js").MouthSource} mouthAt
 * @property {() => void} rebuild begin again with the picture
 */

export class Living {
  #host;
  #life = new Life(Math.random);
  #jaw = new Follower(JAW_SECONDS);
  #quality = new Quality();
  /** @type {Renderer | null} */
  #renderer = null;
  /** A head that may come back. @type {Renderer | null} */
  #lost = null;
  /** @type {Kind | null} */
  #kind = null;
  /** Rises whenever what is being opened is no longer wanted. */
  #opening = 0;
  #frame = 0;
  #wait = 0;
  #lastMs = 0;
  #still = matchMedia("(prefers-reduced-motion: reduce)");
  #wish = new URLSearchParams(location.search).get("avatar");
  #listeners = new AbortController();

  /** @param {Host} host */
  constructor(host) {
    this.#host = host;
    const { signal } = this.#listeners;
    document.addEventListener("visibilitychange", () => this.#start(), { signal });
    this.#still.addEventListener("change", () => host.rebuild(), { signal });
  }

  /** @param {import("./life.js").Mood} mood */
  set mood(mood) {
    this.#life.setMood(mood, performance.now() / 1000);
    if (this.#still.matches) this.#draw(performance.now());
  }

  /** What moves now; null while only the picture is there. */
  get kind() {
    return this.#kind;
  }

  /** Begin, with the persona of now. */
  build() {
    this.#clear();
    if (this.#still.matches) {
      if (!this.#host.root.querySelector(".picture")) this.#open("portrait");
    } else this.#open(this.#wish === "3d" || (this.#wish !== "2d" && canDrawHeads()) ? "head" : "portrait");
  }

  /** There is no picture to show: under reduced motion the flat portrait stands in for it. */
  pictureMissing() {
    if (this.#still.matches) this.#open("portrait");
  }

  /** Another size. */
  resize() {
    if (!this.#renderer) return;
    this.#renderer.resize();
    this.#draw(performance.now());
  }

  /** The element is gone. */
  dispose() {
    this.#listeners.abort();
    this.#clear();
  }

  #clear() {
    this.#stop();
    this.#opening += 1;
    this.#renderer?.dispose();
    this.#lost?.dispose();
    this.#renderer = this.#lost = this.#kind = null;
  }

  /** @param {Kind} kind */
  async #open(kind) {
    const opening = (this.#opening += 1);
    try {
      const renderer = await openRenderer(kind, this.#host.root, this.#host.persona());
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
    const before = [...this.#host.root.children].filter((child) => child !== renderer.element);
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
    const source = this.#host.mouthAt(nowMs);
    const mouth = source ?? CLOSED;
    const open = this.#jaw.follow(mouth.open, now);
    this.#renderer?.pose({ ...face, mouth: { ...mouth, open: Math.max(0, open) } });
    return source !== null || face.lids < 1 || this.#jaw.moving(mouth.open);
  }
}
