// @ts-check
/** Draws one eye with lids that close, an iris that looks about, and the brow above it. */

import { assign, svg } from "../../shared/dom.js";

/**
 * @typedef {object} EyeStyle
 * @property {number} halfWidth
 * @property {number} height of the upper lid above the corners
 * @property {number} irisRadius
 * @property {number} lash thickness of the upper lash line
 * @property {number} wing how far the lashes reach beyond the outer corner
 * @property {string} lashColour
 * @property {string} lidColour
 * @property {string} creaseColour
 * @property {string} brow outline of the brow, drawn for the eye on the viewer's right, about the eye's centre
 * @property {string} browColour
 */

/** @param {number} value */
const n = (value) => value.toFixed(1);

export class Eye {
  #side;
  #style;
  #iris;
  #lid;
  #ball;
  #clip;
  #lash;
  #crease;
  #lower;
  #brow;

  /**
   * @param {EyeStyle} style
   * @param {1 | -1} side 1 = on the viewer's right
   */
  constructor(style, side) {
    this.#side = side;
    this.#style = style;
    const id = side > 0 ? "eye-right" : "eye-left";
    const r = style.irisRadius;
    this.#clip = svg("path");
    this.#ball = svg("path", { fill: "url(#eyeball)" });
    this.#lid = svg("path", { fill: style.lidColour });
    this.#lash = svg("path", { fill: style.lashColour });
    this.#crease = svg("path", { fill: "none", stroke: style.creaseColour, "stroke-width": 2, "stroke-linecap": "round" });
    this.#lower = svg("path", { fill: "none", stroke: style.creaseColour, "stroke-width": 1.6, "stroke-opacity": 0.7 });
    this.#iris = svg(
      "g",
      {},
      svg("circle", { r, fill: "url(#iris)" }),
      svg("circle", { r: r - 0.8, fill: "none", stroke: "#1c120c", "stroke-opacity": 0.55, "stroke-width": 1.8 }),
      svg("circle", { r: r * 0.43, fill: "#120c0a" }),
    );
    const light = svg(
      "g",
      { fill: "#fff" },
      svg("circle", { cx: -r * 0.34, cy: -r * 0.42, r: r * 0.25, "fill-opacity": 0.95 }),
      svg("circle", { cx: r * 0.36, cy: r * 0.4, r: r * 0.12, "fill-opacity": 0.5 }),
    );
    this.#iris.append(light);
    this.#brow = svg("path", { d: style.brow, fill: style.browColour });
    const browSide = svg("g", { transform: `scale(${side} 1)` }, this.#brow);
    this.element = svg(
      "g",
      { class: "eye" },
      svg("clipPath", { id }, this.#clip),
      this.#ball,
      svg("g", { "clip-path": `url(#${id})` }, this.#iris, svg("path", { d: this.#shadow(), fill: "#3a2018", "fill-opacity": 0.22 })),
      this.#lid,
      this.#lower,
      this.#crease,
      this.#lash,
      browSide,
    );
  }

  /**
   * @param {number} openness 0 shut to 1 open (a little more for surprise)
   * @param {number} gazeX -1 the viewer's left to 1 right
   * @param {number} gazeY -1 up to 1 down
   * @param {number} squint lower lid raised, 0 to 1
   * @param {number} brow -1 lowered to 1 raised
   * @param {number} frown inner end of the brow, -1 down to 1 up
   */
  draw(openness, gazeX, gazeY, squint, brow, frown) {
    const lowerY = 14 - 5 * squint;
    const full = -this.#style.height;
    const lookDown = Math.max(0, gazeY) * 7;
    const shut = lowerY + 4;
    const upperY = shut + (full + lookDown - shut) * openness;
    const outline = `${this.#upper(upperY)} ${this.#lowerCurve(lowerY)} Z`;
    assign(this.#clip, "d", outline);
    assign(this.#ball, "d", outline);
    assign(this.#lid, "d", `${this.#upper(full - 7)} ${this.#upperBack(upperY)} Z`);
    assign(this.#lash, "d", this.#lashes(upperY));
    assign(this.#lower, "d", this.#lowerLine(lowerY));
    assign(this.#crease, "d", this.#creaseLine(full - 8 - brow * 1.5));
    assign(this.#iris, "transform", `translate(${n(gazeX * 11)} ${n(-1.5 + gazeY * 7)})`);
    assign(this.#brow, "transform", `translate(0 ${n(-brow * 8)}) rotate(${n(frown * 6)} 0 -50)`);
  }

  /** Corners: the inner one a little lower than the outer one. */
  #corners() {
    const w = this.#style.halfWidth * this.#side;
    return { inner: -w, outer: w, innerY: 5, outerY: -2 };
  }

  /** @param {number} y */
  #upper(y) {
    const { inner, outer, innerY, outerY } = this.#corners();
    return `M ${n(inner)} ${innerY} C ${n(inner * 0.42)} ${n(y - 1)} ${n(outer * 0.6)} ${n(y - 3)} ${n(outer)} ${outerY}`;
  }

  /** @param {number} y */
  #upperBack(y) {
    const { inner, outer, innerY, outerY } = this.#corners();
    return `L ${n(outer)} ${outerY} C ${n(outer * 0.6)} ${n(y - 3)} ${n(inner * 0.42)} ${n(y - 1)} ${n(inner)} ${innerY}`;
  }

  /** @param {number} y */
  #lowerCurve(y) {
    const { inner, outer, innerY } = this.#corners();
    return `C ${n(outer * 0.66)} ${n(y + 2)} ${n(inner * 0.3)} ${n(y + 5)} ${n(inner)} ${innerY}`;
  }

  /** @param {number} y */
  #lowerLine(y) {
    const { inner, outer, innerY, outerY } = this.#corners();
    return `M ${n(outer)} ${outerY} C ${n(outer * 0.66)} ${n(y + 2)} ${n(inner * 0.3)} ${n(y + 5)} ${n(inner)} ${innerY}`;
  }

  /** @param {number} y */
  #creaseLine(y) {
    const { inner, outer } = this.#corners();
    return `M ${n(inner * 0.78)} ${n(y * 0.28)} C ${n(inner * 0.4)} ${n(y - 2)} ${n(outer * 0.52)} ${n(y - 4)} ${n(outer * 0.98)} ${n(y * 0.36)}`;
  }

  /** @param {number} y */
  #lashes(y) {
    const { inner, outer, innerY, outerY } = this.#corners();
    const { lash, wing } = this.#style;
    const tip = outer + wing * this.#side;
    return (
      `M ${n(inner)} ${innerY} C ${n(inner * 0.42)} ${n(y - 1.5)} ${n(outer * 0.6)} ${n(y - 4)} ${n(tip)} ${n(outerY - wing * 0.55)} ` +
      `C ${n(outer * 0.62)} ${n(y - 3 - lash * 1.5)} ${n(inner * 0.4)} ${n(y - 1 - lash * 1.15)} ${n(inner)} ${innerY} Z`
    );
  }

  /** The shadow that the upper lid throws on the eyeball. */
  #shadow() {
    const w = this.#style.halfWidth + 4;
    const y = -this.#style.height;
    return `M ${-w} 0 C ${-w * 0.5} ${y - 4} ${w * 0.5} ${y - 4} ${w} 0 C ${w * 0.5} ${y + 10} ${-w * 0.5} ${y + 10} ${-w} 0 Z`;
  }
}
