// @ts-check
/** Ravi: dark wavy hair brushed back, a short beard, a grey-green shirt. */

import { ears, gradients, neck, nose, outline, shading } from "./features.js";

/** @param {number} jaw */
const beardOuter = (jaw) =>
  `M 262 420 C 268 456 280 490 300 516 C 326 514 342 500 362 494 C 378 490 390 494 400 495 C 410 494 422 490 438 494 C 458 500 474 514 500 516 ` +
  `C 520 490 532 456 538 420 L 556 ${650 + jaw} L 244 ${650 + jaw} Z`;

/** @param {number} jaw lips lie in a clearing of the beard that opens with them */
const beardClearing = (jaw) =>
  `M 344 535 C 358 521 384 518 400 520 C 416 518 442 521 456 535 C 454 ${551 + jaw * 1.7} 430 ${561 + jaw * 1.9} 400 ${561 + jaw * 1.9} C 370 ${561 + jaw * 1.9} 346 ${551 + jaw * 1.7} 344 535 Z`;

/** @type {import("../portrait.js").Persona} */
export const ravi = {
  name: "Ravi",
  gradients: gradients(
    {
      skin: ["#cf9a6e", "#b98156", "#8c5a39"], neck: ["#7f4f31", "#a16e49", "#b07b54"], shadow: "#53301b",
      blush: "#b8573b", glow: "#f6cfa4", hair: ["#3b2f2c", "#231b1a", "#151011"], iris: ["#6a472a", "#412817", "#1e1109"],
      upperLip: ["#9f5d50", "#7f443b"], lowerLip: ["#a66354", "#bd7a6a", "#985849"],
    },
    {
      beard: { kind: "linear", at: { x1: 0, y1: 430, x2: 0, y2: 620, gradientUnits: "userSpaceOnUse" }, stops: [[0, "#241917", 0], [0.32, "#241917", 0.5], [1, "#1e1413", 0.82]] },
      shirt: { kind: "linear", at: { x1: 180, y1: 660, x2: 560, y2: 920, gradientUnits: "userSpaceOnUse" }, stops: [[0, "#8fa08c"], [0.5, "#70836f"], [1, "#4a5a4b"]] },
      collar: { kind: "linear", at: { x1: 300, y1: 680, x2: 420, y2: 820, gradientUnits: "userSpaceOnUse" }, stops: [[0, "#a3b3a0"], [1, "#738672"]] },
    },
  ),
  behind: [],
  neck: neck(75),
  body: [
    ["path", { d: "M 290 692 C 226 714 152 728 114 776 C 84 818 74 870 68 920 L 732 920 C 726 870 716 818 686 776 C 648 728 574 714 510 692 C 494 744 452 796 400 822 C 348 796 306 744 290 692 Z", fill: "url(#shirt)" }],
    ["path", { d: "M 294 682 C 276 690 262 700 250 712 C 258 766 296 822 338 850 L 400 808 C 350 782 310 738 294 682 Z", fill: "url(#collar)" }],
    ["path", { d: "M 506 682 C 524 690 538 700 550 712 C 542 766 504 822 462 850 L 400 808 C 450 782 490 738 506 682 Z", fill: "#66796a" }],
    ["path", { d: "M 400 812 L 400 920", stroke: "#3c4a3e", "stroke-opacity": 0.6, "stroke-width": 2.5, fill: "none" }],
    ["circle", { cx: 400, cy: 868, r: 6, fill: "#d8ddd3" }],
    ["path", { d: "M 156 802 C 174 844 178 884 176 920 M 644 802 C 626 844 622 884 624 920", fill: "none", stroke: "#323f35", "stroke-opacity": 0.5, "stroke-width": 3 }],
    ["path", { d: "M 130 784 C 168 754 212 742 250 732", fill: "none", stroke: "#c5d2c2", "stroke-opacity": 0.55, "stroke-width": 3, "stroke-linecap": "round" }],
  ],
  ears: ears({ near: "#ad7750", far: "#8f5d3b", line: "#53301b" }),
  face: outline({ half: 142, jawHalf: 120, chinHalf: 52, chin: 608 }),
  skin: shading(),
  beard: (jaw) => [["path", { d: `${beardOuter(jaw)} ${beardClearing(jaw)}`, "fill-rule": "evenodd", fill: "url(#beard)" }]],
  nose: nose({ dark: "#54301b", light: "#f8d3aa", wide: 1.06 }),
  front: [
    ["path", { d: "M 252 396 C 238 356 230 308 236 262 C 236 206 268 158 316 138 C 344 112 404 104 446 118 C 506 122 556 170 562 232 C 572 290 562 352 547 398 C 541 366 535 334 527 306 C 526 272 516 242 496 222 C 468 234 430 226 402 212 C 372 226 336 236 310 226 C 286 246 274 272 268 304 C 258 330 254 362 252 396 Z", fill: "url(#hair)" }],
    ["path", { d: "M 306 224 C 310 190 344 160 392 152 C 420 150 450 156 470 172 M 336 230 C 346 198 384 178 428 182 C 458 186 480 200 494 220 M 282 246 C 278 206 300 170 338 150 M 404 210 C 420 198 446 198 464 210 M 510 236 C 520 220 518 192 500 170 M 262 280 C 256 252 262 226 276 208 M 540 282 C 548 254 544 226 532 206", fill: "none", stroke: "#5d4a43", "stroke-width": 4.5, "stroke-linecap": "round", "stroke-opacity": 0.6 }],
    ["path", { d: "M 330 172 C 352 150 396 138 436 144 M 362 200 C 384 186 414 182 440 190", fill: "none", stroke: "#8a7065", "stroke-width": 3.5, "stroke-linecap": "round", "stroke-opacity": 0.55 }],
  ],
  eyeAt: { x: 69, y: 403 },
  eyes: {
    halfWidth: 39, height: 22, irisRadius: 18.5, lash: 5, wing: 2,
    lashColour: "#140d0b", lidColour: "#a06c47", creaseColour: "#633c22",
    brow: "M -41 -46 C -18 -57 20 -60 56 -40 C 28 -47 -6 -46 -38 -34 Q -47 -37 -41 -46 Z",
    browColour: "#1d1513",
  },
  lips: {
    halfWidth: 47, upperThickness: 11, lowerThickness: 17,
    upper: "#8a4d42", lower: "#aa6657", line: "#451c14", shine: "#efc0aa", shade: "rgba(46, 24, 14, 0.35)",
  },
  mouthY: 538,
};
