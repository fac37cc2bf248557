// @ts-check
/** What the drawn personas have in common: gradients by their usual names, and shapes of a face in its own colours. */

/**
 * @typedef {import("../portrait.js").Gradient} Gradient
 * @typedef {import("../portrait.js").Shape} Shape
 *
 * @typedef {object} Palette colours as `#rrggbb`
 * @property {[light: string, middle: string, dark: string]} skin
 * @property {[dark: string, middle: string, light: string]} neck from the shadow of the chin down
 * @property {string} shadow under the chin and on the far side
 * @property {string} blush
 * @property {string} glow where light falls on forehead, nose and chin
 * @property {[light: string, middle: string, dark: string]} hair
 * @property {[inner: string, middle: string, rim: string]} iris
 * @property {[top: string, bottom: string]} upperLip
 * @property {[top: string, middle: string, bottom: string]} lowerLip
 */

const SPACE = { gradientUnits: "userSpaceOnUse" };
const DOWN = { x1: 0, y1: 0, x2: 0, y2: 1 };

/**
 * @param {Palette} palette
 * @param {Record<string, Gradient>} [others] of clothes and the like
 * @returns {Record<string, Gradient>}
 */
export const gradients = ({ skin, neck, shadow, blush, glow, hair, iris, upperLip, lowerLip }, others = {}) => ({
  skin: { kind: "radial", at: { cx: 372, cy: 355, r: 305, ...SPACE }, stops: [[0, skin[0]], [0.55, skin[1]], [1, skin[2]]] },
  neck: { kind: "linear", at: { x1: 0, y1: 560, x2: 0, y2: 760, ...SPACE }, stops: [[0, neck[0]], [0.48, neck[1]], [1, neck[2]]] },
  under: { kind: "linear", at: { x1: 0, y1: 580, x2: 0, y2: 696, ...SPACE }, stops: [[0, shadow, 0.78], [1, shadow, 0]] },
  side: { kind: "linear", at: { x1: 440, y1: 0, x2: 548, y2: 0, ...SPACE }, stops: [[0, shadow, 0], [1, shadow, 0.5]] },
  blush: { kind: "radial", at: {}, stops: [[0, blush, 0.32], [1, blush, 0]] },
  socket: { kind: "radial", at: {}, stops: [[0, shadow, 0.33], [1, shadow, 0]] },
  glow: { kind: "radial", at: {}, stops: [[0, glow, 0.55], [1, glow, 0]] },
  hair: { kind: "linear", at: { x1: 250, y1: 110, x2: 550, y2: 560, ...SPACE }, stops: [[0, hair[0]], [0.5, hair[1]], [1, hair[2]]] },
  eyeball: { kind: "radial", at: {}, stops: [[0, "#ffffff"], [0.7, "#faf4ef"], [1, "#d9c8bd"]] },
  iris: { kind: "radial", at: { cx: 0.5, cy: 0.6, r: 0.6 }, stops: [[0, iris[0]], [0.55, iris[1]], [1, iris[2]]] },
  cavity: { kind: "linear", at: DOWN, stops: [[0, "#2f0f12"], [1, "#5f2326"]] },
  teeth: { kind: "linear", at: DOWN, stops: [[0, "#d5cbc4"], [0.6, "#fffdfa"], [1, "#f1e9e3"]] },
  tongue: { kind: "linear", at: DOWN, stops: [[0, "#cf7270"], [1, "#9b4547"]] },
  "lip-upper": { kind: "linear", at: DOWN, stops: [[0, upperLip[0]], [1, upperLip[1]]] },
  "lip-lower": { kind: "linear", at: DOWN, stops: [[0, lowerLip[0]], [0.5, lowerLip[1]], [1, lowerLip[2]]] },
  ...others,
});

/**
 * The outline of a face.
 * @param {{half: number, jawHalf: number, chinHalf: number, chin: number}} shape half widths at the temples, the jaw and
 *   the chin, and the height of the chin
 * @returns {(jaw: number) => string}
 */
export const outline = ({ half, jawHalf, chinHalf, chin }) => {
  const [left, right] = [400 - half, 400 + half];
  return (jaw) =>
    `M ${left} 350 C ${left - 4} 240 330 186 400 186 C 470 186 ${right + 4} 240 ${right} 350 ` +
    `C ${right + 3} 420 ${right - 4} ${470 + jaw * 0.2} ${400 + jawHalf} ${516 + jaw * 0.5} ` +
    `C ${400 + jawHalf - 22} ${chin - 42 + jaw * 0.8} ${400 + chinHalf} ${chin + jaw} 400 ${chin + jaw} ` +
    `C ${400 - chinHalf} ${chin + jaw} ${400 - jawHalf + 22} ${chin - 42 + jaw * 0.8} ${400 - jawHalf} ${516 + jaw * 0.5} ` +
    `C ${left + 4} ${470 + jaw * 0.2} ${left - 3} 420 ${left} 350 Z`;
};

/** Light and shade on a face, from the viewer's upper left. @returns {Shape[]} */
export const shading = () => [
  ["rect", { x: 430, y: 180, width: 140, height: 460, fill: "url(#side)" }],
  ["ellipse", { cx: 331, cy: 392, rx: 59, ry: 45, fill: "url(#socket)" }],
  ["ellipse", { cx: 469, cy: 392, rx: 59, ry: 45, fill: "url(#socket)" }],
  ["ellipse", { cx: 310, cy: 466, rx: 55, ry: 40, fill: "url(#blush)" }],
  ["ellipse", { cx: 490, cy: 466, rx: 55, ry: 40, fill: "url(#blush)" }],
  ["ellipse", { cx: 306, cy: 444, rx: 38, ry: 20, fill: "url(#glow)", transform: "rotate(-18 306 444)" }],
  ["ellipse", { cx: 392, cy: 306, rx: 82, ry: 40, fill: "url(#glow)" }],
  ["ellipse", { cx: 398, cy: 584, rx: 26, ry: 12, fill: "url(#glow)", "fill-opacity": 0.6 }],
];

/**
 * @param {{dark: string, light: string, wide?: number}} style `wide`: 1 = as wide as the others
 * @returns {Shape[]}
 */
export function nose({ dark, light, wide = 1 }) {
  /** @param {number} distance from the middle */
  const at = (distance) => (401 + distance * wide).toFixed(1);
  return [
    ["path", { d: `M 415 372 C 417 410 422 440 ${at(32)} 456 C ${at(37)} 471 430 482 413 484 C 418 470 411 430 407 396 Z`, fill: dark, "fill-opacity": 0.26 }],
    ["path", { d: "M 396 384 C 395 408 394 430 394 446", fill: "none", stroke: light, "stroke-width": 8.5, "stroke-linecap": "round", "stroke-opacity": 0.3 }],
    ["ellipse", { cx: 398, cy: 460, rx: 14 * wide, ry: 15, fill: "url(#glow)" }],
    ["path", { d: `M ${at(-26)} 485 C 385 481 391 492 401 492 C 411 492 417 481 ${at(26)} 485 C 418 498 384 498 ${at(-26)} 485 Z`, fill: dark, "fill-opacity": 0.38 }],
    ["path", { d: `M ${at(-32)} 470 C ${at(-38)} 480 ${at(-33)} 488 ${at(-24)} 485 M ${at(32)} 470 C ${at(38)} 480 ${at(33)} 488 ${at(24)} 485`, fill: "none", stroke: dark, "stroke-width": 2.9, "stroke-linecap": "round", "stroke-opacity": 0.45 }],
    ["path", { d: `M ${at(-23)} 485 C ${at(-18)} 480 ${at(-11)} 481 ${at(-7)} 487 M ${at(7)} 487 C ${at(11)} 481 ${at(18)} 480 ${at(23)} 485`, fill: "none", stroke: dark, "stroke-width": 3, "stroke-linecap": "round", "stroke-opacity": 0.85 }],
  ];
}

/**
 * @param {{near: string, far: string, line: string}} colours
 * @returns {Shape[]}
 */
export const ears = ({ near, far, line }) => [
  ["path", { d: "M 300 380 L 262 388 C 240 374 228 394 234 426 C 238 456 252 476 268 470 L 300 472 Z", fill: near }],
  ["path", { d: "M 500 380 L 538 388 C 560 374 572 394 566 426 C 562 456 548 476 532 470 L 500 472 Z", fill: far }],
  ["path", { d: "M 255 404 C 243 398 240 412 243 428 C 246 442 251 450 257 454 M 545 404 C 557 398 560 412 557 428 C 554 442 549 450 543 454", fill: "none", stroke: line, "stroke-width": 3, "stroke-opacity": 0.55, "stroke-linecap": "round" }],
];

/**
 * @param {number} width half of it, at the chin
 * @returns {Shape[]}
 */
export const neck = (width) => [
  ["path", { d: `M ${400 - width} 534 L ${400 + width} 534 C ${400 + width} 610 ${402 + width} 648 ${418 + width} 676 C ${434 + width} 698 530 708 552 716 L 400 846 L 248 716 C 270 708 ${366 - width} 698 ${382 - width} 676 C ${398 - width} 648 ${400 - width} 610 ${400 - width} 534 Z`, fill: "url(#neck)" }],
  ["path", { d: `M ${400 - width} 540 L ${400 + width} 540 L ${402 + width} 634 C ${390 + width} 674 432 698 400 698 C 368 698 ${410 - width} 674 ${398 - width} 634 Z`, fill: "url(#under)" }],
];
