// @ts-check
/** Keys that work everywhere, and the list of them. Single keys count only while nobody types (WCAG 2.1.4: they are few, and shown by "?"). */

import { html } from "../shared/dom.js";
import { dialog } from "./parts.js";
import { SECTIONS } from "./router.js";

const KEYS = [
  ["?", "This list"],
  ["/", "Search in the view"],
  ["1 … 7", "Go to an entry of the navigation"],
  ["↑ ↓ Home End", "Move in a list"],
  ["Enter", "Open what is selected"],
  ["Esc", "Close a dialog; leave the search"],
  ["L", "In a session: listen"],
  ["W", "In a session: write a line for the avatar"],
  ["T", "In a session: take over, hand back"],
];

/** Show all keys. */
export function showShortcuts() {
  const rows = KEYS.map(([keys, text]) => html("div", {}, html("dt", {}, html("kbd", {}, keys)), html("dd", {}, text)));
  void dialog({ title: "Keys", body: [html("dl", { class: "keys" }, ...rows)] });
}

/** @param {{go: (hash: string) => void, sections: string[]}} options */
export function followShortcuts({ go, sections }) {
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.matches?.("input, textarea, select")) {
      if (event.key === "Escape") target.blur();
      return;
    }
    const section = sections[Number(event.key) - 1];
    if (event.key === "?") showShortcuts();
    else if (event.key === "/") focusSearch(event);
    else if (section && section in SECTIONS) go(`#/${section}`);
  });
}

/** @param {KeyboardEvent} event */
function focusSearch(event) {
  const search = /** @type {HTMLInputElement | null} */ (document.querySelector("main input[type=search]"));
  if (!search) return;
  event.preventDefault();
  search.select();
  search.focus();
}
