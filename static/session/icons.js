// @ts-check
/** Line icons on a grid of 24, drawn for this page: those of the welcome. */

import { svg } from "../shared/dom.js";

/** @type {Record<string, string>} */
export const PATHS = {
  microphone: "M12 3.5a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0v-5a3 3 0 0 1 3-3Z M5.5 11.5a6.5 6.5 0 0 0 13 0 M12 18v3",
  camera: "M4.5 7h8.5a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H4.5a2 2 0 0 1-2-2V9a2 2 0 0 1 2-2Z M15 11l5.5-3v8L15 13",
  keyboard: "M4.5 6.5h15a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2h-15a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2Z M6.5 10.2h.01 M10 10.2h.01 M14 10.2h.01 M17.5 10.2h.01 M8.5 14h7",
  shield: "M12 3l7.5 2.8v5.7c0 4.4-3 7.8-7.5 9.5-4.5-1.7-7.5-5.1-7.5-9.5V5.8L12 3Z M9 12l2.2 2.2L15.2 10",
  spark: "M12 3.5c.8 4.7 3.3 7.2 8.5 8.5-5.2 1.3-7.7 3.8-8.5 8.5-.8-4.7-3.3-7.2-8.5-8.5 5.2-1.3 7.7-3.8 8.5-8.5Z",
  check: "M5 12.5l4.5 4.5L19 7.5",
  alert: "M12 8v5 M12 16.5v.01 M10.3 4.4 2.9 17.2a2 2 0 0 0 1.7 3h14.8a2 2 0 0 0 1.7-3L13.7 4.4a2 2 0 0 0-3.4 0Z",
  clock: "M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17Z M12 7.5V12l3 2",
  link: "M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1 M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1",
  sound: "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5H4Z M15.5 9a4 4 0 0 1 0 6 M18 6.5a7.5 7.5 0 0 1 0 11",
  globe: "M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17Z M3.8 12h16.4 M12 3.5c2.4 2.3 3.6 5.2 3.6 8.5s-1.2 6.2-3.6 8.5c-2.4-2.3-3.6-5.2-3.6-8.5s1.2-6.2 3.6-8.5Z",
  window: "M5 4.5h14a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-11a2 2 0 0 1 2-2Z M3 9h18",
};

/** @param {string} name of `PATHS` */
export const icon = (name) => draw(PATHS[name]);

/** @param {string} path */
export function draw(path) {
  return svg("svg", { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true", focusable: "false" }, svg("path", { d: path }));
}
