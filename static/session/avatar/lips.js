// @ts-check
/** Draws a mouth: lips, teeth and tongue as SVG paths computed from the eight numbers of a `Mouth`. */

import { assign, svg } from "../../shared/dom.js";

/** @typedef {import("./visemes.js").Mouth} Mouth */

/**
 * @typedef {object} LipStyle
 * @property {number} halfWidth at rest
 * @property {number} upperThickness
 * @property {number} lowerThickness
 * @property {string} upper colour
 * @property {string} lower colour
 * @property {string} line colour of the line between closed lips
 * @property {string} shine
 * @property {string} shade soft shadow under the lower lip
 */

/** How far the jaw drops at `open` = 1, in drawing units. */
export const JAW_DROP = 40;

/** @param {number} value */
const n = (value) => value.toFixed(1);

/**
 * The key points of a mouth, in drawing units about the middle of the closed lips.
 * @param {Mouth} mouth
 * @param {number} smile corners up, 0 to 1
 * @param {LipStyle} style
 */
function shape(mouth, smile, style) {
  const drop = mouth.open * JAW_DROP;
  const halfWidth = style.halfWidth * (1 + 0.16 * mouth.width + 0.09 * smile - 0.4 * mouth.round) - mouth.open * 4 - mouth.press * 2;
  const thin = 1 - 0.4 * mouth.press;
  const sag = smile * 5 * (1 - Math.min(1, mouth.open * 3));
  return {
    halfWidth,
    cornerY: -smile * 11 + drop * 0.26 + mouth.press,
    top: sag - (mouth.open * 5 + mouth.upper * 6 + mouth.round * mouth.open * 3),
    bottom: sag + Math.max(drop + mouth.lower * (mouth.lower < 0 ? 5 : 7), -2) * (1 - 0.1 * mouth.round),
    upper: (style.upperThickness * (1 - 0.12 * smile) + 5 * mouth.round) * thin,
    lower: (style.lowerThickness * (1 - 0.1 * smile) + 5 * mouth.round) * thin * (mouth.lower < 0 ? 1 + 0.45 * mouth.lower : 1),
    bow: 3.5 * (1 - 0.5 * mouth.round),
  };
}

/**
 * @param {ReturnType<typeof shape>} s
 */
function paths(s) {
  const { halfWidth: w, cornerY: c, top, bottom } = s;
  const peak = top - s.upper;
  const innerTop = `C ${n(-w * 0.66)} ${n(c * 0.28 + top * 0.7)} ${n(-w * 0.3)} ${n(top - 0.5)} 0 ${n(top + 1.5)} C ${n(w * 0.3)} ${n(top - 0.5)} ${n(w * 0.66)} ${n(c * 0.28 + top * 0.7)} ${n(w)} ${n(c)}`;
  const innerTopBack = `C ${n(w * 0.66)} ${n(c * 0.28 + top * 0.7)} ${n(w * 0.3)} ${n(top - 0.5)} 0 ${n(top + 1.5)} C ${n(-w * 0.3)} ${n(top - 0.5)} ${n(-w * 0.66)} ${n(c * 0.28 + top * 0.7)} ${n(-w)} ${n(c)}`;
  const innerBottom = `C ${n(w * 0.74)} ${n(bottom * 0.8 + c * 0.3)} ${n(w * 0.4)} ${n(bottom + 1)} 0 ${n(bottom + 1.5)} C ${n(-w * 0.4)} ${n(bottom + 1)} ${n(-w * 0.74)} ${n(bottom * 0.8 + c * 0.3)} ${n(-w)} ${n(c)}`;
  const innerBottomBack = `C ${n(-w * 0.74)} ${n(bottom * 0.8 + c * 0.3)} ${n(-w * 0.4)} ${n(bottom + 1)} 0 ${n(bottom + 1.5)} C ${n(w * 0.4)} ${n(bottom + 1)} ${n(w * 0.74)} ${n(bottom * 0.8 + c * 0.3)} ${n(w)} ${n(c)}`;
  return {
    inside: `M ${n(-w)} ${n(c)} ${innerTop} ${innerBottom} Z`,
    upper:
      `M ${n(-w)} ${n(c)} C ${n(-w * 0.7)} ${n(peak * 0.8 + c * 0.3)} ${n(-w * 0.34)} ${n(peak - 0.5)} ${n(-w * 0.17)} ${n(peak)} ` +
      `C ${n(-w * 0.08)} ${n(peak)} ${n(-w * 0.05)} ${n(peak + s.bow)} 0 ${n(peak + s.bow)} C ${n(w * 0.05)} ${n(peak + s.bow)} ${n(w * 0.08)} ${n(peak)} ${n(w * 0.17)} ${n(peak)} ` +
      `C ${n(w * 0.34)} ${n(peak - 0.5)} ${n(w * 0.7)} ${n(peak * 0.8 + c * 0.3)} ${n(w)} ${n(c)} ${innerTopBack} Z`,
    lower:
      `M ${n(-w)} ${n(c)} ${innerBottomBack} C ${n(w * 0.8)} ${n(bottom * 0.9 + s.lower * 0.72 + c * 0.2)} ${n(w * 0.42)} ${n(bottom + s.lower)} 0 ${n(bottom + s.lower)} ` +
      `C ${n(-w * 0.42)} ${n(bottom + s.lower)} ${n(-w * 0.8)} ${n(bottom * 0.9 + s.lower * 0.72 + c * 0.2)} ${n(-w)} ${n(c)} Z`,
    line: `M ${n(-w - 1)} ${n(c)} ${innerTop} L ${n(w + 1)} ${n(c)}`,
    shine: `M ${n(-w * 0.3)} ${n(bottom + s.lower * 0.42)} Q 0 ${n(bottom + s.lower * 0.6)} ${n(w * 0.3)} ${n(bottom + s.lower * 0.42)}`,
    shade: `M ${n(-w * 0.5)} ${n(bottom + s.lower + 5)} Q 0 ${n(bottom + s.lower + 15)} ${n(w * 0.5)} ${n(bottom + s.lower + 5)} Q 0 ${n(bottom + s.lower + 5)} ${n(-w * 0.5)} ${n(bottom + s.lower + 5)} Z`,
  };
}

export class Lips {
  /** @param {LipStyle} style */
  constructor(style) {
    this.style = style;
    this.clip = svg("path");
    this.inside = svg("path", { fill: "url(#cavity)" });
    this.tongue = svg("path", { fill: "url(#tongue)" });
    this.upperTeeth = svg("path", { fill: "url(#teeth)" });
    this.lowerTeeth = svg("path", { fill: "#d9d2cb" });
    this.shadow = svg("path", { fill: "none", stroke: "#2a0d10", "stroke-opacity": 0.35, "stroke-width": 5 });
    this.upper = svg("path", { fill: "url(#lip-upper)" });
    this.lower = svg("path", { fill: "url(#lip-lower)" });
    this.line = svg("path", { fill: "none", stroke: style.line, "stroke-width": 2.4, "stroke-linecap": "round" });
    this.shine = svg("path", { fill: "none", stroke: style.shine, "stroke-width": 3.6, "stroke-linecap": "round", "stroke-opacity": 0.45 });
    this.shade = svg("path", { fill: style.shade });
    this.element = svg(
      "g",
      { class: "mouth" },
      svg("clipPath", { id: "mouth-inside" }, this.clip),
      this.shade,
      this.inside,
      svg("g", { "clip-path": "url(#mouth-inside)" }, this.lowerTeeth, this.tongue, this.upperTeeth, this.shadow),
      this.lower,
      this.upper,
      this.line,
      this.shine,
    );
  }

  /**
   * @param {Mouth} mouth
   * @param {number} smile
   */
  draw(mouth, smile) {
    const s = shape(mouth, smile, this.style);
    const d = paths(s);
    const gap = s.bottom - s.top;
    for (const part of [this.clip, this.inside]) assign(part, "d", d.inside);
    assign(this.shadow, "d", d.inside);
    assign(this.upper, "d", d.upper);
    assign(this.lower, "d", d.lower);
    assign(this.line, "d", d.line);
    assign(this.line, "stroke-opacity", n(Math.max(0.35, 1 - gap / 14)));
    assign(this.shine, "d", d.shine);
    assign(this.shade, "d", d.shade);
    const teethBottom = s.top + 3 + Math.min(gap * 0.62, 5 + 9 * mouth.teeth);
    assign(this.upperTeeth, "d", teeth(s.halfWidth * 0.93, s.top - 8, mouth.teeth > 0.05 ? teethBottom : s.top - 8));
    assign(this.lowerTeeth, "d", teeth(s.halfWidth * 0.7, s.bottom + 14, s.bottom - (mouth.open > 0.2 ? 5 : 2) * mouth.teeth));
    const tongueTop = s.bottom - gap * (0.22 + 0.5 * mouth.tongue);
    assign(this.tongue, "d", dome(s.halfWidth * 0.62, tongueTop, s.bottom + 14));
  }
}

/** A row of teeth: flat towards the gum, rounded at the ends. @param {number} w @param {number} gum @param {number} edge */
const teeth = (w, gum, edge) =>
  `M ${n(-w)} ${n(gum)} L ${n(w)} ${n(gum)} C ${n(w)} ${n((gum + edge) / 2)} ${n(w * 0.72)} ${n(edge)} ${n(w * 0.34)} ${n(edge)} L ${n(-w * 0.34)} ${n(edge)} C ${n(-w * 0.72)} ${n(edge)} ${n(-w)} ${n((gum + edge) / 2)} ${n(-w)} ${n(gum)} Z`;

/** @param {number} w @param {number} top @param {number} bottom */
const dome = (w, top, bottom) =>
  `M ${n(-w)} ${n(bottom)} C ${n(-w)} ${n(top + 1)} ${n(-w * 0.4)} ${n(top)} 0 ${n(top + 2)} C ${n(w * 0.4)} ${n(top)} ${n(w)} ${n(top + 1)} ${n(w)} ${n(bottom)} Z`;
