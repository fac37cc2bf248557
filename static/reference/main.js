// @ts-check
/** Reads the document, draws it, and makes it searchable by keyboard. */

import { html, setText } from "../shared/dom.js";
import { drawDocument, drawIndex, operationsByTag } from "./view.js";

const content = /** @type {HTMLElement} */ (document.getElementById("content"));
const index = /** @type {HTMLElement} */ (document.getElementById("index"));
const search = /** @type {HTMLInputElement} */ (document.getElementById("search"));
const found = /** @type {HTMLElement} */ (document.getElementById("found"));

async function start() {
  const response = await fetch("/openapi.json");
  if (!response.ok) throw new Error(`openapi.json answered ${response.status}`);
  const api = await response.json();
  const groups = operationsByTag(api);
  index.replaceChildren(...drawIndex(groups));
  content.replaceChildren(...drawDocument(api, groups, new URL(api.servers[0].url, location.href).href.replace(/\/$/, "")));
  goTo(location.hash.slice(1));
}

/** Show an operation that the address names. @param {string} id */
function goTo(id) {
  const target = id && document.getElementById(id);
  for (const link of index.querySelectorAll("a")) link.toggleAttribute("aria-current", link.hash === `#${id}`);
  if (target) {
    target.scrollIntoView();
    target.focus({ preventScroll: true });
  }
}

/** Leave only what holds all words of the search. */
function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const line of /** @type {NodeListOf<HTMLElement>} */ (index.querySelectorAll("li")))
    line.hidden = !words.every((word) => line.dataset.words?.includes(word));
  for (const group of /** @type {NodeListOf<HTMLElement>} */ (index.querySelectorAll("section")))
    group.hidden = !group.querySelector("li:not([hidden])");
  setText(found, words.length ? `${links().length} found` : "");
}

/** @returns {HTMLAnchorElement[]} */
const links = () => [...index.querySelectorAll("li:not([hidden]) a")].map((link) => /** @type {HTMLAnchorElement} */ (link));

/** `/` searches, arrows walk through the list, Enter opens, Escape clears. @param {KeyboardEvent} event */
function onKey(event) {
  const focused = /** @type {HTMLElement | null} */ (document.activeElement);
  const inList = focused === search || index.contains(focused);
  if (event.key === "/" && focused !== search) search.focus();
  else if (event.key === "Escape" && inList) {
    search.value = "";
    filter();
    search.focus();
  } else if (event.key === "Enter" && focused === search) links()[0]?.click();
  else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && inList) {
    const all = [search, ...links()];
    const at = all.indexOf(/** @type {any} */ (focused)) + (event.key === "ArrowDown" ? 1 : -1);
    all[Math.max(0, Math.min(all.length - 1, at))].focus();
  } else return;
  event.preventDefault();
}

search.addEventListener("input", filter);
document.addEventListener("keydown", onKey);
addEventListener("hashchange", () => goTo(location.hash.slice(1)));
start().catch((error) => content.replaceChildren(html("p", { role: "alert" }, `The document cannot be read: ${error.message}. Reload the page.`)));
