// @ts-check
/** Amara: full natural curls, gold hoops, a terracotta roll-neck. */

import { ears, gradients, neck, nose, outline, shading } from "./features.js";

/** @typedef {import("../portrait.js").Shape} Shape */

/**
 * Curls along an arc about the head.
 * @param {number} count
 * @param {{x: number, y: number, rx: number, ry: number, from: number, to: number, r: number}} arc angles in degrees, 0 to the right
 * @param {string} fill
 * @returns {Shape[]}
 */
function curls(count, { x, y, rx, ry, from, to, r }, fill) {
  return Array.from({ length: count }, (_, index) => {
    const angle = ((from + ((to - from) * index) / (count - 1)) * Math.PI) / 180;
    const size = r * (1 + 0.16 * Math.sin(index * 2.4));
    return ["circle", { cx: (x + rx * Math.cos(angle)).toFixed(1), cy: (y - ry * Math.sin(angle)).toFixed(1), r: size.toFixed(1), fill }];
  });
}

/**
 * The light on single curls.
 * @param {[x: number, y: number, r: number][]} places
 * @returns {Shape}
 */
const shine = (places) => ["path", {
  d: places.map(([x, y, r]) => `M ${x - r} ${y} A ${r} ${r} 0 0 1 ${x + r * 0.5} ${y - r * 0.86}`).join(" "),
  fill: "none", stroke: "#7c5646", "stroke-width": 4, "stroke-linecap": "round", "stroke-opacity": 0.55,
}];

/** @type {import("../portrait.js").Persona} */
export const amara = {
  name: "Amara",
  gradients: gradients(
    {
      skin: ["#a06a48", "#875334", "#5c3420"], neck: ["#54301d", "#6f432a", "#7d4d31"], shadow: "#3a1d10",
      blush: "#a3412e", glow: "#dca57a", hair: ["#37241f", "#221513", "#130b0a"], iris: ["#6b4527", "#3f2513", "#1b0e07"],
      upperLip: ["#8c3f3b", "#6d2c2c"], lowerLip: ["#9a4742", "#b3605a", "#8c3f3b"],
    },
    {
      knit: { kind: "linear", at: { x1: 180, y1: 660, x2: 560, y2: 920, gradientUnits: "userSpaceOnUse" }, stops: [[0, "#d57c52"], [0.5, "#b95d38"], [1, "#853c22"]] },
      roll: { kind: "linear", at: { x1: 300, y1: 0, x2: 500, y2: 0, gradientUnits: "userSpaceOnUse" }, stops: [[0, "#c66c44"], [0.35, "#da8a60"], [1, "#8f4326"]] },
      hoop: { kind: "linear", at: { x1: 0, y1: 0, x2: 1, y2: 1 }, stops: [[0, "#ffe7a6"], [0.5, "#d9a441"], [1, "#8f6220"]] },
    },
  ),
  behind: [
    ["ellipse", { cx: 400, cy: 330, rx: 206, ry: 218, fill: "url(#hair)" }],
    ...curls(22, { x: 400, y: 330, rx: 200, ry: 212, from: -52, to: 232, r: 40 }, "url(#hair)"),
  ],
  neck: neck(66),
  body: [
    ["path", { d: "M 300 690 C 224 712 152 726 114 774 C 84 816 74 870 68 920 L 732 920 C 726 870 716 816 686 774 C 648 726 576 712 500 690 Z", fill: "url(#knit)" }],
    ["path", { d: "M 312 648 C 340 664 372 668 400 668 C 428 668 460 664 488 648 C 500 672 506 700 508 726 C 470 752 436 760 400 760 C 364 760 330 752 292 726 C 294 700 300 672 312 648 Z", fill: "url(#roll)" }],
    ["path", { d: "M 330 664 L 322 738 M 352 670 L 347 748 M 376 673 L 374 754 M 400 674 L 400 756 M 424 673 L 426 754 M 448 670 L 453 748 M 470 664 L 478 738", fill: "none", stroke: "#8a4427", "stroke-width": 3, "stroke-opacity": 0.5, "stroke-linecap": "round" }],
    ["path", { d: "M 154 800 C 172 842 176 884 174 920 M 646 800 C 628 842 624 884 626 920", fill: "none", stroke: "#6f2f19", "stroke-opacity": 0.5, "stroke-width": 3 }],
    ["path", { d: "M 132 782 C 170 752 214 738 262 726", fill: "none", stroke: "#f0b48e", "stroke-opacity": 0.5, "stroke-width": 3, "stroke-linecap": "round" }],
  ],
  ears: [
    ...ears({ near: "#7c4a2e", far: "#653a24", line: "#3a1d10" }),
    ["path", { d: "M 250 470 C 230 480 228 524 250 530 C 272 526 270 482 252 470 M 550 470 C 570 480 572 524 550 530 C 528 526 530 482 548 470", fill: "none", stroke: "url(#hoop)", "stroke-width": 6 }],
  ],
  face: outline({ half: 136, jawHalf: 110, chinHalf: 42, chin: 600 }),
  skin: shading(),
  nose: nose({ dark: "#341709", light: "#e2ab80", wide: 1.18 }),
  front: [
    ["path", { d: "M 250 372 C 244 300 262 232 314 204 C 344 188 456 188 486 204 C 538 232 556 300 550 372 C 566 330 586 250 540 196 C 500 150 300 150 260 196 C 214 250 234 330 250 372 Z", fill: "url(#hair)" }],
    ...curls(13, { x: 400, y: 296, rx: 146, ry: 106, from: -18, to: 198, r: 28 }, "url(#hair)"),
    ...curls(11, { x: 400, y: 250, rx: 132, ry: 92, from: 0, to: 180, r: 34 }, "url(#hair)"),
    shine([[286, 236, 20], [322, 196, 22], [368, 168, 22], [420, 160, 22], [470, 176, 22], [512, 212, 20], [250, 288, 17], [344, 226, 15], [398, 206, 16], [452, 220, 15], [232, 232, 18], [278, 164, 18], [340, 128, 18], [410, 118, 18], [482, 134, 18]]),
  ],
  eyeAt: { x: 68, y: 402 },
  eyes: {
    halfWidth: 41, height: 24, irisRadius: 20, lash: 6, wing: 7,
    lashColour: "#120a08", lidColour: "#6f4229", creaseColour: "#43230f",
    brow: "M -38 -44 C -16 -55 18 -61 54 -42 C 26 -50 -6 -48 -37 -36 Q -43 -38 -38 -44 Z",
    browColour: "#1c110d",
  },
  lips: {
    halfWidth: 50, upperThickness: 17, lowerThickness: 24,
    upper: "#7c3735", lower: "#a2524c", line: "#37120f", shine: "#f0b4a4", shade: "rgba(34, 14, 8, 0.4)",
  },
  mouthY: 532,
};
