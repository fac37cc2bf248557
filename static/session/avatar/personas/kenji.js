// @ts-check
/** Kenji: short black hair with grey at the temples; a navy jacket over a fine light jumper. */

import { ears, gradients, neck, nose, outline, shading } from "./features.js";

/** @type {import("../portrait.js").Persona} */
export const kenji = {
  name: "Kenji",
  gradients: gradients(
    {
      skin: ["#f4d3ab", "#e6ba8e", "#bd8a62"], neck: ["#a97650", "#cb9a70", "#d8a980"], shadow: "#7b4b2c",
      blush: "#cf7a56", glow: "#fff0d8", hair: ["#2f2c2e", "#1d1b1d", "#121113"], iris: ["#5b3c25", "#362113", "#190e08"],
      upperLip: ["#b7786a", "#97584f"], lowerLip: ["#bb7b6d", "#cf9284", "#b07164"],
    },
    {
      jacket: { kind: "linear", at: { x1: 180, y1: 660, x2: 560, y2: 920, gradientUnits: "userSpaceOnUse" }, stops: [[0, "#3a5276"], [0.5, "#273a58"], [1, "#172338"]] },
      lapel: { kind: "linear", at: { x1: 300, y1: 680, x2: 420, y2: 900, gradientUnits: "userSpaceOnUse" }, stops: [[0, "#425c83"], [1, "#22334e"]] },
      jumper: { kind: "linear", at: { x1: 0, y1: 690, x2: 0, y2: 920, gradientUnits: "userSpaceOnUse" }, stops: [[0, "#e9e6df"], [1, "#c3beb3"]] },
      grey: { kind: "linear", at: { x1: 0, y1: 300, x2: 0, y2: 410, gradientUnits: "userSpaceOnUse" }, stops: [[0, "#8d8d90", 0], [0.6, "#8d8d90", 0.75], [1, "#a3a3a6", 0.5]] },
    },
  ),
  behind: [],
  neck: neck(74),
  body: [
    ["path", { d: "M 296 690 C 330 722 366 734 400 734 C 434 734 470 722 504 690 L 524 724 L 504 920 L 296 920 L 276 724 Z", fill: "url(#jumper)" }],
    ["path", { d: "M 296 690 C 330 722 366 734 400 734 C 434 734 470 722 504 690 L 510 708 C 474 740 436 752 400 752 C 364 752 326 740 290 708 Z", fill: "#d2cdc2" }],
    ["path", { d: "M 288 692 C 232 716 158 728 120 774 C 90 814 80 870 74 920 L 392 920 C 356 870 306 800 288 692 Z", fill: "url(#jacket)" }],
    ["path", { d: "M 512 692 C 568 716 642 728 680 774 C 710 814 720 870 726 920 L 408 920 C 444 870 494 800 512 692 Z", fill: "url(#jacket)" }],
    ["path", { d: "M 288 692 C 270 702 258 708 244 714 C 252 746 256 768 252 790 L 286 802 L 276 828 C 312 868 344 896 372 920 L 392 920 C 356 870 306 800 288 692 Z", fill: "url(#lapel)" }],
    ["path", { d: "M 512 692 C 530 702 542 708 556 714 C 548 746 544 768 548 790 L 514 802 L 524 828 C 488 868 456 896 428 920 L 408 920 C 444 870 494 800 512 692 Z", fill: "#1f2f49" }],
    ["path", { d: "M 158 802 C 174 842 178 884 176 920 M 642 802 C 626 842 622 884 624 920", fill: "none", stroke: "#0f1828", "stroke-opacity": 0.55, "stroke-width": 3 }],
    ["path", { d: "M 138 782 C 174 754 216 742 244 734", fill: "none", stroke: "#7f9bc4", "stroke-opacity": 0.5, "stroke-width": 3, "stroke-linecap": "round" }],
  ],
  ears: ears({ near: "#d9a67a", far: "#bd8a62", line: "#8a5836" }),
  face: outline({ half: 145, jawHalf: 122, chinHalf: 54, chin: 606 }),
  skin: [
    ...shading(),
    ["path", { d: "M 352 492 C 340 508 334 522 334 536 M 448 492 C 460 508 466 522 466 536", fill: "none", stroke: "#9a6542", "stroke-width": 2.6, "stroke-opacity": 0.35, "stroke-linecap": "round" }],
    ["path", { d: "M 340 282 C 372 276 428 276 460 282 M 346 304 C 374 299 426 299 454 304", fill: "none", stroke: "#a5714b", "stroke-width": 2.2, "stroke-opacity": 0.22, "stroke-linecap": "round" }],
    ["path", { d: "M 300 436 C 312 444 326 446 338 444 M 500 436 C 488 444 474 446 462 444", fill: "none", stroke: "#9a6542", "stroke-width": 2.2, "stroke-opacity": 0.3, "stroke-linecap": "round" }],
  ],
  nose: nose({ dark: "#7e4a2c", light: "#fff2dc", wide: 1.08 }),
  front: [
    ["path", { d: "M 252 400 C 240 360 236 312 242 268 C 246 196 312 138 400 136 C 494 136 556 196 560 270 C 564 312 560 360 548 400 C 546 364 540 330 528 304 C 522 280 512 262 500 250 C 452 262 384 258 336 228 C 326 246 300 262 288 278 C 268 306 256 360 252 400 Z", fill: "url(#hair)" }],
    ["path", { d: "M 252 400 C 242 366 238 330 242 300 C 254 300 264 300 272 306 C 262 334 256 366 252 400 Z M 548 400 C 558 366 562 330 558 300 C 546 300 536 300 530 306 C 540 334 546 366 548 400 Z", fill: "url(#grey)" }],
    ["path", { d: "M 338 226 C 366 196 430 172 500 190 M 330 214 C 356 176 420 152 484 164 M 352 236 C 396 214 460 206 520 226 M 300 250 C 304 222 318 196 338 178", fill: "none", stroke: "#5a585d", "stroke-width": 4, "stroke-linecap": "round", "stroke-opacity": 0.5 }],
    ["path", { d: "M 356 186 C 390 164 440 156 480 170", fill: "none", stroke: "#85838a", "stroke-width": 3, "stroke-linecap": "round", "stroke-opacity": 0.5 }],
  ],
  eyeAt: { x: 70, y: 404 },
  eyes: {
    halfWidth: 39, height: 18, irisRadius: 18.5, lash: 4.5, wing: 3,
    lashColour: "#17110f", lidColour: "#d9a77c", creaseColour: "#a5714b",
    brow: "M -38 -41 C -14 -49 20 -50 52 -36 C 26 -41 -6 -38 -36 -31 Q -42 -34 -38 -41 Z",
    browColour: "#1f1b1b",
  },
  lips: {
    halfWidth: 47, upperThickness: 11, lowerThickness: 16,
    upper: "#a9695d", lower: "#c08376", line: "#5d2d26", shine: "#f6d0c2", shade: "rgba(120, 72, 46, 0.3)",
  },
  mouthY: 538,
};
