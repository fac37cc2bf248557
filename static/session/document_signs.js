// @ts-check
/** What lies over the picture of a document: the frame with the progress about it, the outline of what is seen, a card that turns over. */

import { assign, html, svg } from "../shared/dom.js";
import { t } from "./strings.js";

/** Height of a card (ISO/IEC 7810 ID-1: 85.6 mm × 54 mm) and of the page of a passport (ID-3: 125 mm × 88 mm), of a width of 1,000. */
const WIDTH = 1_000;
const HEIGHTS = { card: 631, page: 704 };

/** The frame into which the document shall be held. */
export function documentFrame() {
  const outline = { x: 7, y: 7, width: WIDTH - 14, rx: 36 };
  const way = svg("rect", { class: "frame-way", ...outline });
  const done = svg("rect", { class: "frame-done", pathLength: 100, ...outline });
  const shade = svg("rect", { class: "frame-shade", ...outline });
  const rings = [shade, way, done];
  const picture = svg("svg", { "aria-hidden": "true", focusable: "false" }, ...rings);
  const element = html("div", { class: "document-frame", role: "progressbar", "aria-label": t("document.progress"), "aria-valuemin": "0", "aria-valuemax": "100" }, picture);
  return {
    element,
    /** @param {"card" | "page"} shape @param {number} fraction */
    show(shape, fraction) {
      const height = HEIGHTS[shape];
      element.dataset.shape = shape;
      assign(picture, "viewBox", `0 0 ${WIDTH} ${height}`);
      for (const ring of rings) assign(ring, "height", String(height - 14));
      element.setAttribute("aria-valuenow", String(Math.round(fraction * 100)));
      done.style.strokeDasharray = `${(fraction * 100).toFixed(1)} 100`;
      done.style.visibility = fraction > 0 ? "visible" : "hidden";
    },
  };
}

/** Where the document lies, as a line about it. It is cut like the video beneath, by `object-fit: cover`. */
export function documentOutline() {
  const shade = svg("polygon", { class: "outline-shade" });
  const line = svg("polygon", { class: "outline-line" });
  const element = svg("svg", { class: "document-outline", preserveAspectRatio: "xMidYMid slice", "aria-hidden": "true", focusable: "false" }, shade, line);
  return {
    element,
    /** @param {number[]} corners in shares of the picture @param {HTMLVideoElement} video */
    show(corners, { videoWidth, videoHeight }) {
      assign(element, "viewBox", `0 0 ${videoWidth || 1} ${videoHeight || 1}`);
      const points = corners.map((share, i) => (share * (i % 2 ? videoHeight : videoWidth)).toFixed(1)).join(" ");
      for (const polygon of [shade, line]) assign(polygon, "points", points);
    },
  };
}

/** A card that turns over, or lies on its back where nothing may move. */
export function turningCard() {
  const photo = svg("rect", { x: 14, y: 20, width: 26, height: 34, rx: 4, class: "card-photo" });
  const lines = svg("path", { d: "M50 26h34 M50 37h34 M50 48h22", class: "card-lines" });
  const strip = svg("rect", { x: 0, y: 14, width: 100, height: 13, class: "card-photo" });
  const rows = svg("path", { d: "M12 40h76 M12 50h76", class: "card-rows" });
  const face = (/** @type {string} */ name, /** @type {SVGElement[]} */ ...drawn) =>
    html("span", { class: `card-${name}` }, svg("svg", { viewBox: "0 0 100 63", focusable: "false" }, ...drawn));
  return html("div", { class: "turning-card", "aria-hidden": "true", hidden: true }, html("div", {}, face("front", photo, lines), face("back", strip, rows)));
}
