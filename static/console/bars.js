// @ts-check
/** Bars and columns. Each has its figures in words and as a table, and parts differ by pattern as well as by colour. */

import { html, svg } from "../shared/dom.js";
import { count } from "./format.js";
import { table } from "./parts.js";

const HEIGHT = 120;

/**
 * Bars beside their names and numbers.
 * @param {{name: string, value: number, words?: string}[]} rows
 */
export function bars(rows) {
  const most = Math.max(1, ...rows.map(({ value }) => value));
  return html(
    "ul",
    { class: "bars" },
    ...rows.map(({ name, value, words = count(value) }) =>
      html("li", {}, html("span", { class: "bar-name", title: name }, name), svg("svg", { viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" }, svg("rect", { class: "bar", width: Math.max(0.5, (value / most) * 100), height: 8, rx: 2 })), html("strong", {}, words)),
    ),
  );
}

/**
 * Columns over time, each made of parts, with a legend and a table of the same figures.
 * @param {string} caption
 * @param {{key: string, name: string, pattern?: number, words?: (values: Record<string, number>) => string}[]} parts from the bottom up; each has a pattern of its own unless it names one
 * @param {{title: string, values: Record<string, number>}[]} columns
 * @param {(value: number) => string} [words] of the highest column
 */
export function stackedColumns(caption, parts, columns, words = count) {
  const most = Math.max(1, ...columns.map(({ values }) => parts.reduce((sum, { key }) => sum + (values[key] ?? 0), 0)));
  const width = 600 / Math.max(1, columns.length);
  const drawn = columns.flatMap(({ values }, at) => {
    let y = HEIGHT;
    return parts.map(({ key, pattern }, index) => {
      const height = ((values[key] ?? 0) / most) * HEIGHT;
      y -= height;
      return svg("rect", { class: `pattern-${pattern ?? index}`, x: at * width + width * 0.1, y, width: width * 0.8, height });
    });
  });
  const legend = html("ul", { class: "legend-parts" }, ...parts.map(({ name, pattern }, index) => html("li", {}, svg("svg", { viewBox: "0 0 12 12", class: "swatch", "aria-hidden": "true" }, svg("rect", { class: `pattern-${pattern ?? index}`, width: 12, height: 12, rx: 3 })), name)));
  const figures = table(
    caption,
    [{ title: "Time", cell: (/** @type {any} */ column) => column.title }, ...parts.map(({ key, name, words: told = (values) => count(values[key] ?? 0) }) => ({ title: name, kind: "number", cell: (/** @type {any} */ column) => told(column.values) }))],
    columns,
  );
  return html(
    "figure",
    { class: "columns-chart" },
    svg("svg", { viewBox: `0 0 600 ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" }, patterns(), ...drawn),
    html("div", { class: "axis soft" }, html("span", {}, columns[0]?.title ?? ""), html("span", {}, `highest ${words(most)}`), html("span", {}, columns.at(-1)?.title ?? "")),
    legend,
    html("details", {}, html("summary", {}, "As a table"), figures.element),
  );
}

/** Stripes and dots that tell parts apart without colour. */
function patterns() {
  const stripe = (/** @type {string} */ id, /** @type {string} */ path, /** @type {string} */ kind) => svg("pattern", { id, width: 6, height: 6, patternUnits: "userSpaceOnUse" }, svg("rect", { width: 6, height: 6, class: `${kind}-ground` }), svg("path", { d: path, class: `${kind}-mark` }));
  return svg("defs", {}, stripe("pattern-slant", "M0 6 6 0", "slant"), stripe("pattern-cross", "M0 3H6M3 0V6", "cross"), stripe("pattern-dot", "M3 3h.01", "dot"));
}
