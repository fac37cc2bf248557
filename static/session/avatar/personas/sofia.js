// @ts-check
/** Sofia: a silver bob, pearl earrings, a soft blue blouse. */

import { ears, gradients, neck, nose, outline, shading } from "./features.js";

/** @type {import("../portrait.js").Persona} */
export const sofia = {
  name: "Sofia",
  gradients: gradients(
    {
      skin: ["#f6d6bb", "#e9be9d", "#c58f6d"], neck: ["#b98362", "#d3a17e", "#deb091"], shadow: "#88553a",
      blush: "#d97f68", glow: "#fff4e6", hair: ["#f1f1ef", "#cdd0d3", "#989da4"], iris: ["#8a8a52", "#565c34", "#2a2d18"],
      upperLip: ["#c0706a", "#a2524f"], lowerLip: ["#c4756d", "#d48d83", "#b7685f"],
    },
    {
      "hair-back": { kind: "linear", at: { x1: 0, y1: 180, x2: 0, y2: 640, gradientUnits: "userSpaceOnUse" }, stops: [[0, "#b3b7bc"], [1, "#777d86"]] },
      blouse: { kind: "linear", at: { x1: 180, y1: 660, x2: 560, y2: 920, gradientUnits: "userSpaceOnUse" }, stops: [[0, "#a9c4de"], [0.5, "#86a8c9"], [1, "#587a9e"]] },
      collar: { kind: "linear", at: { x1: 300, y1: 680, x2: 420, y2: 840, gradientUnits: "userSpaceOnUse" }, stops: [[0, "#c3d8ec"], [1, "#86a8c9"]] },
      pearl: { kind: "radial", at: { cx: 0.35, cy: 0.35, r: 0.7 }, stops: [[0, "#ffffff"], [0.6, "#f1e8df"], [1, "#b6a594"]] },
    },
  ),
  behind: [
    ["path", { d: "M 400 128 C 276 126 212 214 210 330 C 208 420 206 500 220 566 C 246 606 300 610 330 590 L 470 590 C 500 610 554 606 580 566 C 594 500 592 420 590 330 C 588 214 524 126 400 128 Z", fill: "url(#hair-back)" }],
  ],
  neck: [
    ...neck(62),
    ["path", { d: "M 352 640 C 366 652 382 656 398 656 M 356 664 C 374 674 392 676 410 674", fill: "none", stroke: "#9c6a4c", "stroke-width": 2.4, "stroke-opacity": 0.35, "stroke-linecap": "round" }],
  ],
  body: [
    ["path", { d: "M 296 694 C 232 716 160 730 124 774 C 94 814 84 870 78 920 L 722 920 C 716 870 706 814 676 774 C 640 730 568 716 504 694 C 486 750 446 808 400 842 C 354 808 314 750 296 694 Z", fill: "url(#blouse)" }],
    ["path", { d: "M 300 688 C 282 698 268 704 254 712 C 268 764 304 826 352 862 L 400 842 C 354 806 318 750 300 688 Z", fill: "url(#collar)" }],
    ["path", { d: "M 500 688 C 518 698 532 704 546 712 C 532 764 496 826 448 862 L 400 842 C 446 806 482 750 500 688 Z", fill: "#7fa2c4" }],
    ["path", { d: "M 400 842 L 400 920", stroke: "#4c6c8e", "stroke-opacity": 0.5, "stroke-width": 2.5, fill: "none" }],
    ["circle", { cx: 400, cy: 880, r: 6, fill: "#dbe7f2" }],
    ["path", { d: "M 160 800 C 176 842 180 884 178 920 M 640 800 C 624 842 620 884 622 920", fill: "none", stroke: "#3f5d7d", "stroke-opacity": 0.45, "stroke-width": 3 }],
    ["path", { d: "M 140 782 C 176 754 220 742 254 732", fill: "none", stroke: "#e3effa", "stroke-opacity": 0.65, "stroke-width": 3, "stroke-linecap": "round" }],
  ],
  ears: ears({ near: "#dcaa87", far: "#c58f6d", line: "#94603f" }),
  face: outline({ half: 137, jawHalf: 112, chinHalf: 44, chin: 598 }),
  skin: [
    ...shading(),
    ["path", { d: "M 350 492 C 338 508 332 524 333 540 M 450 492 C 462 508 468 524 467 540", fill: "none", stroke: "#a56d4d", "stroke-width": 2.8, "stroke-opacity": 0.36, "stroke-linecap": "round" }],
    ["path", { d: "M 298 438 C 312 448 328 450 342 446 M 502 438 C 488 448 472 450 458 446 M 276 396 C 270 390 266 386 262 380 M 277 408 C 270 408 264 408 259 406 M 524 396 C 530 390 534 386 538 380 M 523 408 C 530 408 536 408 541 406", fill: "none", stroke: "#a56d4d", "stroke-width": 2.2, "stroke-opacity": 0.32, "stroke-linecap": "round" }],
    ["path", { d: "M 344 300 C 376 294 424 294 456 300", fill: "none", stroke: "#b07b5b", "stroke-width": 2.2, "stroke-opacity": 0.2, "stroke-linecap": "round" }],
  ],
  nose: nose({ dark: "#8b5234", light: "#fff6ea" }),
  front: [
    ["path", { d: "M 466 190 C 406 206 322 236 292 318 C 272 376 270 440 264 500 C 262 540 258 572 236 590 C 208 570 204 500 208 430 C 208 320 216 240 262 188 C 306 134 372 118 430 122 C 500 128 560 176 582 250 C 596 312 594 400 594 452 C 596 520 590 572 562 592 C 544 572 542 534 540 496 C 536 428 536 372 522 318 C 512 268 494 224 466 190 Z", fill: "url(#hair)" }],
    ["path", { d: "M 452 196 C 386 214 312 254 284 340 C 270 396 268 450 262 512 M 420 164 C 340 178 270 226 246 310 C 232 372 234 450 232 520 M 392 140 C 320 150 254 196 230 272 M 478 200 C 512 246 530 310 536 380 C 540 430 540 480 548 530 M 500 160 C 548 200 570 260 574 330 C 578 400 578 470 572 530", fill: "none", stroke: "#8b9198", "stroke-width": 3, "stroke-linecap": "round", "stroke-opacity": 0.5 }],
    ["path", { d: "M 436 178 C 364 196 294 238 264 322 M 520 196 C 552 236 562 300 564 360", fill: "none", stroke: "#ffffff", "stroke-width": 4.5, "stroke-linecap": "round", "stroke-opacity": 0.65 }],
    ["circle", { cx: 262, cy: 484, r: 9, fill: "url(#pearl)" }],
    ["circle", { cx: 540, cy: 484, r: 9, fill: "url(#pearl)" }],
  ],
  eyeAt: { x: 68, y: 402 },
  eyes: {
    halfWidth: 39, height: 21, irisRadius: 18.5, lash: 4.5, wing: 5,
    lashColour: "#3b2c27", lidColour: "#dba98a", creaseColour: "#a06a4c",
    brow: "M -37 -42 C -14 -52 20 -56 53 -40 C 26 -47 -6 -46 -36 -37 Q -41 -38 -37 -42 Z",
    browColour: "#8d837c",
  },
  lips: {
    halfWidth: 46, upperThickness: 11, lowerThickness: 16,
    upper: "#b4635d", lower: "#cb7f74", line: "#742f2c", shine: "#ffdcd0", shade: "rgba(150, 90, 62, 0.3)",
  },
  mouthY: 532,
};
