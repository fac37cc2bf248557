// @ts-check
/** Lines over time, drawn as SVG. Every line has its name and newest value in words, and thresholds are dashed, so that none needs a colour. */

import { html, svg } from "../shared/dom.js";

const WIDTH = 280;
const HEIGHT = 56;

/**
 * @typedef {object} Line
 * @property {string} key
 * @property {string} [unit]
 * @property {[number, number][]} points [Unix milliseconds, value]
 * @property {number} [threshold]
 */

/**
 * A small chart that is brought up to date in place.
 * @param {string} title
 * @param {string} [unit]
 */
export function sparkline(title, unit = "") {
  const path = svg("polyline", { class: "line", points: "" });
  const limit = svg("line", { class: "limit", x1: 0, x2: WIDTH, y1: 0, y2: 0 });
  const dot = svg("circle", { class: "dot", r: 2.5, cx: -9, cy: 0 });
  const picture = svg("svg", { viewBox: `0 -4 ${WIDTH} ${HEIGHT + 8}`, class: "spark", "aria-hidden": "true", preserveAspectRatio: "none" }, limit, path, dot);
  const value = html("strong", {}, "–");
  const range = html("span", { class: "soft" });
  const element = html("figure", { class: "chart" }, html("figcaption", {}, html("span", {}, title), value, range), picture);
  return {
    element,
    /** @param {[number, number][]} points @param {number} [threshold] */
    update(points, threshold) {
      const values = points.map(([, each]) => each).filter(Number.isFinite);
      if (!values.length) return;
      const shown = threshold === undefined ? values : [...values, threshold];
      const least = Math.min(...shown);
      const span = Math.max(...shown) - least || 1;
      const [from, to] = [points[0][0], points[points.length - 1][0]];
      const x = (/** @type {number} */ at) => ((at - from) / (to - from || 1)) * WIDTH;
      const y = (/** @type {number} */ each) => HEIGHT - ((each - least) / span) * HEIGHT;
      path.setAttribute("points", points.filter(([, each]) => Number.isFinite(each)).map(([at, each]) => `${x(at).toFixed(1)},${y(each).toFixed(1)}`).join(" "));
      const last = points[points.length - 1];
      dot.setAttribute("cx", String(x(last[0])));
      dot.setAttribute("cy", String(y(last[1])));
      limit.toggleAttribute("hidden", threshold === undefined);
      if (threshold !== undefined) {
        limit.setAttribute("y1", String(y(threshold)));
        limit.setAttribute("y2", String(y(threshold)));
      }
      value.textContent = `${round(last[1])}${unit ? ` ${unit}` : ""}`;
      range.textContent = `${round(Math.min(...values))} to ${round(Math.max(...values))}${threshold === undefined ? "" : `, limit ${round(threshold)}`}`;
    },
  };
}

/** @param {number} value */
const round = (value) => (Math.abs(value) >= 100 ? String(Math.round(value)) : String(Math.round(value * 100) / 100));

/**
 * Parts of a whole beside each other, one bar a row: how long each part of a turn took.
 * @param {{title: string, parts: {name: string, value: number}[]}[]} rows
 * @param {string} unit
 */
export function stackedBars(rows, unit) {
  const most = Math.max(1, ...rows.map(({ parts }) => sum(parts)));
  return html(
    "ol",
    { class: "stacked" },
    ...rows.map(({ title, parts }) => {
      const total = sum(parts);
      let at = 0;
      const pieces = parts.map(({ value }, index) => {
        const piece = svg("rect", { x: (at / most) * 100, y: 0, width: Math.max(0.3, (value / most) * 100 - 0.4), height: 10, class: `part-${index}` });
        at += value;
        return piece;
      });
      const words = parts.map(({ name, value }) => `${name} ${Math.round(value)}`).join(", ");
      return html("li", { title: words }, html("span", {}, title), svg("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", role: "img", "aria-label": `${words} ${unit}` }, ...pieces), html("strong", {}, `${Math.round(total)} ${unit}`));
    }),
  );
}

/** @param {{value: number}[]} parts */
const sum = (parts) => parts.reduce((total, { value }) => total + value, 0);
