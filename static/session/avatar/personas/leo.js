// @ts-check
/** Leo: short dark curls, a trimmed beard and round glasses; a rust-coloured jumper over a light collar. */

/** @param {number} jaw */
const beardOuter = (jaw) =>
  `M 250 420 C 262 452 272 482 292 506 C 318 516 344 498 366 494 C 380 490 392 496 400 496 C 408 496 420 490 434 494 C 456 498 482 516 508 506 ` +
  `C 528 482 538 452 550 420 L 560 ${640 + jaw} L 240 ${640 + jaw} Z`;

/** @param {number} jaw lips lie in a clearing of the beard that opens with them */
const beardClearing = (jaw) =>
  `M 346 533 C 358 519 384 517 400 519 C 416 517 442 519 454 533 C 452 ${549 + jaw * 1.7} 428 ${560 + jaw * 1.9} 400 ${560 + jaw * 1.9} C 372 ${560 + jaw * 1.9} 348 ${549 + jaw * 1.7} 346 533 Z`;

/** @type {import("../portrait.js").Persona} */
export const leo = {
  name: "Leo",
  gradients: {
    skin: { kind: "radial", at: { cx: 370, cy: 350, r: 310, gradientUnits: "userSpaceOnUse" }, stops: [[0, "#c68a63"], [0.55, "#b27450"], [1, "#8a5237"]] },
    neck: { kind: "linear", at: { x1: 0, y1: 560, x2: 0, y2: 760, gradientUnits: "userSpaceOnUse" }, stops: [[0, "#7d4a32"], [0.5, "#9c6344"], [1, "#aa6f4e"]] },
    under: { kind: "linear", at: { x1: 0, y1: 580, x2: 0, y2: 700, gradientUnits: "userSpaceOnUse" }, stops: [[0, "#4c2718", 0.8], [1, "#5d3220", 0]] },
    hair: { kind: "linear", at: { x1: 260, y1: 110, x2: 540, y2: 380, gradientUnits: "userSpaceOnUse" }, stops: [[0, "#3d2c27"], [0.5, "#261a18"], [1, "#191112"]] },
    beard: { kind: "linear", at: { x1: 0, y1: 430, x2: 0, y2: 620, gradientUnits: "userSpaceOnUse" }, stops: [[0, "#2a1b17", 0], [0.3, "#2a1b17", 0.62], [1, "#241613", 0.9]] },
    jumper: { kind: "linear", at: { x1: 180, y1: 660, x2: 560, y2: 920, gradientUnits: "userSpaceOnUse" }, stops: [[0, "#cf7449"], [0.5, "#b55a34"], [1, "#823a20"]] },
    collar: { kind: "linear", at: { x1: 320, y1: 680, x2: 460, y2: 800, gradientUnits: "userSpaceOnUse" }, stops: [[0, "#fbf7ef"], [1, "#d9cfbf"]] },
    blush: { kind: "radial", at: {}, stops: [[0, "#b5543a", 0.3], [1, "#b5543a", 0]] },
    socket: { kind: "radial", at: {}, stops: [[0, "#6b3a25", 0.36], [1, "#6b3a25", 0]] },
    glow: { kind: "radial", at: {}, stops: [[0, "#f2c39b", 0.5], [1, "#f2c39b", 0]] },
    side: { kind: "linear", at: { x1: 440, y1: 0, x2: 550, y2: 0, gradientUnits: "userSpaceOnUse" }, stops: [[0, "#6b3a25", 0], [1, "#5a2e1c", 0.55]] },
    eyeball: { kind: "radial", at: {}, stops: [[0, "#ffffff"], [0.7, "#f8f1ec"], [1, "#d3c1b6"]] },
    iris: { kind: "radial", at: { cx: 0.5, cy: 0.6, r: 0.6 }, stops: [[0, "#7d5230"], [0.55, "#4a2c18"], [1, "#22120a"]] },
    cavity: { kind: "linear", at: { x1: 0, y1: 0, x2: 0, y2: 1 }, stops: [[0, "#2c0e10"], [1, "#5a2022"]] },
    teeth: { kind: "linear", at: { x1: 0, y1: 0, x2: 0, y2: 1 }, stops: [[0, "#d2c8c0"], [0.6, "#fffdfa"], [1, "#f0e8e1"]] },
    tongue: { kind: "linear", at: { x1: 0, y1: 0, x2: 0, y2: 1 }, stops: [[0, "#c96b68"], [1, "#94403f"]] },
    "lip-upper": { kind: "linear", at: { x1: 0, y1: 0, x2: 0, y2: 1 }, stops: [[0, "#a25a4c"], [1, "#7f3f36"]] },
    "lip-lower": { kind: "linear", at: { x1: 0, y1: 0, x2: 0, y2: 1 }, stops: [[0, "#a85c50"], [0.5, "#bd7465"], [1, "#9d564a"]] },
  },
  behind: [],
  neck: [
    ["path", { d: "M 322 530 L 478 530 C 478 610 480 648 498 676 C 514 696 530 700 546 706 L 400 850 L 254 706 C 270 700 286 696 302 676 C 320 648 322 610 322 530 Z", fill: "url(#neck)" }],
    ["path", { d: "M 322 540 L 478 540 L 480 640 C 466 684 434 704 400 704 C 366 704 334 684 320 640 Z", fill: "url(#under)" }],
  ],
  body: [
    ["path", { d: "M 296 676 C 316 736 356 786 400 804 C 444 786 484 736 504 676 L 540 706 L 520 830 L 280 830 L 260 706 Z", fill: "url(#collar)" }],
    ["path", { d: "M 296 676 C 320 730 356 770 396 796 L 352 826 C 310 790 288 740 282 690 Z M 504 676 C 480 730 444 770 404 796 L 448 826 C 490 790 512 740 518 690 Z", fill: "#fffdf7" }],
    ["path", { d: "M 284 694 C 220 716 150 728 112 776 C 82 818 72 872 66 920 L 734 920 C 728 872 718 818 688 776 C 650 728 580 716 516 694 C 508 754 466 816 400 836 C 334 816 292 754 284 694 Z", fill: "url(#jumper)" }],
    ["path", { d: "M 284 694 C 292 750 340 796 400 812 C 460 796 508 750 516 694 L 530 700 C 524 768 470 818 400 834 C 330 818 276 768 270 700 Z", fill: "#9c4a2a" }],
    ["path", { d: "M 156 800 C 174 844 178 884 176 920 M 644 800 C 626 844 622 884 624 920", fill: "none", stroke: "#6d2e18", "stroke-opacity": 0.5, "stroke-width": 3 }],
    ["path", { d: "M 128 784 C 166 754 208 742 246 732", fill: "none", stroke: "#eba27c", "stroke-opacity": 0.55, "stroke-width": 3, "stroke-linecap": "round" }],
  ],
  ears: [
    ["path", { d: "M 300 380 L 258 388 C 234 374 222 394 228 426 C 232 456 248 478 264 472 L 300 474 Z", fill: "#a86b49" }],
    ["path", { d: "M 500 380 L 542 388 C 566 374 578 394 572 426 C 568 456 552 478 536 472 L 500 474 Z", fill: "#8f5539" }],
    ["path", { d: "M 250 404 C 238 398 234 412 238 428 C 241 442 246 450 252 454 M 550 404 C 562 398 566 412 562 428 C 559 442 554 450 548 454", fill: "none", stroke: "#64351f", "stroke-width": 3, "stroke-opacity": 0.6, "stroke-linecap": "round" }],
  ],
  face: (jaw) =>
    `M 254 346 C 250 236 326 186 400 186 C 474 186 550 236 546 346 C 549 416 544 ${464 + jaw * 0.2} 526 ${512 + jaw * 0.5} ` +
    `C 508 ${566 + jaw * 0.8} 456 ${610 + jaw} 400 ${610 + jaw} C 344 ${610 + jaw} 292 ${566 + jaw * 0.8} 274 ${512 + jaw * 0.5} C 256 ${464 + jaw * 0.2} 251 416 254 346 Z`,
  skin: [
    ["rect", { x: 430, y: 180, width: 140, height: 460, fill: "url(#side)" }],
    ["ellipse", { cx: 330, cy: 390, rx: 60, ry: 46, fill: "url(#socket)" }],
    ["ellipse", { cx: 470, cy: 390, rx: 60, ry: 46, fill: "url(#socket)" }],
    ["ellipse", { cx: 312, cy: 464, rx: 54, ry: 38, fill: "url(#blush)" }],
    ["ellipse", { cx: 488, cy: 464, rx: 54, ry: 38, fill: "url(#blush)" }],
    ["ellipse", { cx: 304, cy: 444, rx: 38, ry: 20, fill: "url(#glow)", transform: "rotate(-18 304 444)" }],
    ["ellipse", { cx: 384, cy: 300, rx: 84, ry: 40, fill: "url(#glow)" }],
  ],
  beard: (jaw) => [
    ["path", { d: `${beardOuter(jaw)} ${beardClearing(jaw)}`, "fill-rule": "evenodd", fill: "url(#beard)" }],
  ],
  nose: [
    ["path", { d: "M 416 370 C 418 408 424 438 436 456 C 442 472 432 484 414 485 C 420 470 412 430 408 396 Z", fill: "#5f301c", "fill-opacity": 0.28 }],
    ["path", { d: "M 396 384 C 395 408 394 430 394 446", fill: "none", stroke: "#f0bd94", "stroke-width": 9, "stroke-linecap": "round", "stroke-opacity": 0.28 }],
    ["ellipse", { cx: 397, cy: 459, rx: 16, ry: 16, fill: "url(#glow)" }],
    ["path", { d: "M 372 486 C 384 482 390 493 401 493 C 412 493 418 482 430 486 C 420 499 382 499 372 486 Z", fill: "#54291a", "fill-opacity": 0.4 }],
    ["path", { d: "M 367 470 C 360 480 366 489 375 486 M 435 470 C 442 480 436 489 427 486", fill: "none", stroke: "#5a2d1b", "stroke-width": 3, "stroke-linecap": "round", "stroke-opacity": 0.4 }],
    ["path", { d: "M 376 486 C 381 481 389 482 393 488 M 409 488 C 413 482 421 481 426 486", fill: "none", stroke: "#391709", "stroke-width": 3, "stroke-linecap": "round", "stroke-opacity": 0.8 }],
  ],
  worn: [
    ["path", { d: "M 282 372 H 374 C 382 372 386 378 386 386 C 386 424 366 448 330 448 C 294 448 272 424 272 386 C 272 378 276 372 282 372 Z M 426 372 H 518 C 524 372 528 378 528 386 C 528 424 506 448 470 448 C 434 448 414 424 414 386 C 414 378 418 372 426 372 Z", fill: "#ffffff", "fill-opacity": 0.06, stroke: "#2c2422", "stroke-width": 5, "stroke-linejoin": "round" }],
    ["path", { d: "M 386 388 C 394 380 406 380 414 388 M 273 384 L 256 380 M 527 384 L 544 380", fill: "none", stroke: "#2c2422", "stroke-width": 5, "stroke-linecap": "round" }],
  ],
  front: [
    ["path", { d: "M 252 402 C 240 370 232 330 238 280 C 230 250 244 216 262 204 C 262 176 292 150 318 152 C 336 128 376 122 396 134 C 420 116 464 124 480 148 C 512 148 540 176 540 206 C 560 222 570 254 562 282 C 568 330 560 370 548 402 C 544 372 542 346 534 318 C 526 296 516 280 506 266 C 488 274 470 262 458 256 C 440 268 418 266 402 256 C 384 268 360 266 344 256 C 330 268 312 272 296 266 C 284 282 274 298 266 318 C 258 346 256 372 252 402 Z", fill: "url(#hair)" }],
    ["path", { d: "M 272 214 C 284 190 312 180 330 194 C 338 168 374 164 388 182 M 402 176 C 420 154 456 160 464 184 C 486 174 514 190 518 212 M 290 246 C 300 224 326 222 338 236 M 366 238 C 380 218 406 220 416 236 M 440 232 C 456 216 480 222 488 240 M 256 262 C 262 244 274 236 284 238 M 526 246 C 538 252 546 264 546 280", fill: "none", stroke: "#6b4d42", "stroke-width": 4.5, "stroke-linecap": "round", "stroke-opacity": 0.55 }],
    ["path", { d: "M 300 168 C 318 158 334 160 344 168 M 414 146 C 434 138 456 144 466 156", fill: "none", stroke: "#8d6a5a", "stroke-width": 4, "stroke-linecap": "round", "stroke-opacity": 0.5 }],
  ],
  eyeAt: { x: 69, y: 402 },
  eyes: {
    halfWidth: 38, height: 22, irisRadius: 18.5, lash: 4, wing: 1,
    lashColour: "#1c0f0a", lidColour: "#9c6142", creaseColour: "#5d311d",
    brow: "M -40 -46 C -18 -55 20 -58 54 -38 C 28 -45 -6 -44 -38 -34 Q -45 -37 -40 -46 Z",
    browColour: "#231613",
  },
  lips: {
    halfWidth: 47, upperThickness: 11, lowerThickness: 17,
    upper: "#8a4a3a", lower: "#a9614f", line: "#45180f", shine: "#e9b59f", shade: "rgba(40, 20, 14, 0.35)",
  },
  mouthY: 536,
};
