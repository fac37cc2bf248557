// @ts-check
/** Small moving pictures that show what to do, as in a mirror: the person's own left is on the left, whatever the language. */

import { html, svg } from "../shared/dom.js";
import { icon } from "./more_icons.js";

/** @typedef {import("./check_state.js").ChallengeKind} ChallengeKind */

/** @param {number} x */
const eye = (x) => svg("ellipse", { cx: x, cy: 44, rx: 4.2, ry: 5.4 });

/**
 * A face that does what is asked for. Without motion it rests in the pose that is meant.
 * @param {ChallengeKind} kind
 */
export function challengeSign(kind) {
  const features = svg(
    "g",
    { class: "sign-features" },
    svg("g", { class: "sign-eyes" }, eye(37), eye(63)),
    svg("path", { class: "sign-lids", d: "M31 45q6 4 12 0 M57 45q6 4 12 0" }),
    svg("path", { class: "sign-nose", d: "M50 48v9" }),
    svg("path", { class: "sign-mouth", d: "M41 68q9 3 18 0" }),
    svg("path", { class: "sign-smile", d: "M34 64q16 17 32 0" }),
    svg("ellipse", { class: "sign-open-mouth", cx: 50, cy: 69, rx: 8, ry: 6 }),
  );
  const outline = svg("path", { d: "M50 12c19 0 30 14 30 34 0 24-14 42-30 42S20 70 20 46c0-20 11-34 30-34Z" });
  const head = svg("g", { class: "sign-head" }, outline, features);
  return svg("svg", { viewBox: "0 0 100 100", class: `sign ${kind}`, "aria-hidden": "true", focusable: "false" }, head);
}

/** Hints and challenges that have a direction, by where the arrows point on the screen. @type {Record<string, "left" | "right" | "up" | "down">} */
const DIRECTIONS = { turn_left: "left", turn_right: "right", left: "left", right: "right", up: "up", down: "down" };

/** Arrows over the picture that point the way. */
export function sweep() {
  const element = html("div", { class: "sweep", "aria-hidden": "true" });
  return {
    element,
    /** @param {string} key a hint or a kind of challenge; others show nothing */
    show(key) {
      const direction = DIRECTIONS[key] ?? "";
      element.hidden = !direction;
      if (element.dataset.direction === direction) return;
      element.dataset.direction = direction;
      element.replaceChildren(...(direction ? [0, 1, 2].map(() => icon(`chevron_${direction}`)) : []));
    },
  };
}

/** A ring about the oval: thin and broken for the way ahead, broad and whole for the way done. */
export function progressRing() {
  const path = "M150 6a144 194 0 1 1-.01 0Z";
  const done = svg("path", { d: path, class: "ring-done", pathLength: 100 });
  const shade = svg("path", { d: path, class: "ring-shade" });
  const way = svg("path", { d: path, class: "ring-way" });
  return {
    element: svg("svg", { viewBox: "0 0 300 400", class: "ring", "aria-hidden": "true", focusable: "false" }, shade, way, done),
    /** @param {number} fraction */
    show(fraction) {
      done.style.strokeDasharray = `${(fraction * 100).toFixed(1)} 100`;
      done.style.visibility = fraction > 0 ? "visible" : "hidden";
    },
  };
}

/** Seconds that are left, as a number in a ring that empties. */
export function countdown() {
  const rest = svg("circle", { cx: 24, cy: 24, r: 20, class: "count-rest", pathLength: 100 });
  const seconds = html("span", {});
  const ring = svg("svg", { viewBox: "0 0 48 48", focusable: "false" }, svg("circle", { cx: 24, cy: 24, r: 20, class: "count-way" }), rest);
  const element = html("div", { class: "count", "aria-hidden": "true", hidden: true }, ring, seconds);
  return {
    element,
    /** @param {number} leftMs @param {number} limitMs */
    show(leftMs, limitMs) {
      rest.style.strokeDasharray = `${((100 * leftMs) / limitMs).toFixed(1)} 100`;
      seconds.textContent = String(Math.ceil(leftMs / 1000));
      element.classList.toggle("short", leftMs < 3_000);
    },
  };
}
