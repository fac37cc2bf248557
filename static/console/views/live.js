// @ts-check
/** All sessions that run now. Changes come in bursts; they are drawn once a frame, and only rows and texts that differ. */

import { html, setText } from "../../shared/dom.js";
import { counts, listed } from "../live_order.js";
import { LiveRow } from "../live_row.js";
import { badge, empty, failure, pageHead } from "../parts.js";

/** @typedef {import("../live_order.js").Summary} Summary */
/** @typedef {import("../live_order.js").Column} Column */
/** @typedef {import("../live_order.js").Filter} Filter */

/** @type {[Column, string][]} */
const COLUMNS = [
  ["person", "Person"],
  ["state", "State"],
  ["node", "Node"],
  ["waiting", "Waiting"],
  ["risk", "Risk"],
  ["network", "Network"],
  ["agents", "Agents"],
  ["started", "Started"],
];

/** @type {Record<Filter, string>} */
const FILTERS = { all: "All", waiting: "Waiting long", risk: "At risk", network: "Poor network", agents: "With an agent" };

/** @type {import("../live_order.js").Wish} kept while the tab is open, so that coming back from a session finds the list as it was */
const wish = { search: "", filter: "all", column: "started", descending: true };

/** @type {import("../main.js").OpenView} */
export function open(host, { api, staff, go }) {
  const list = new LiveList((id) => staff.permissions.includes("watch") && go(`#/live/${encodeURIComponent(id)}`));
  host.append(list.element);
  const stream = api.stream("/live", {
    on: {
      list: ({ sessions }) => list.replace(sessions),
      changes: ({ changed, gone }) => list.change(changed, gone),
    },
    state: (state) => list.connected(state === "open"),
    refused: (error) => host.append(failure(error)),
  });
  return {
    close() {
      stream.close();
      list.close();
    },
  };
}

class LiveList {
  /** @param {(id: string) => void} openSession */
  constructor(openSession) {
    this.openSession = openSession;
    /** @type {Map<string, Summary>} */
    this.summaries = new Map();
    /** @type {Map<string, LiveRow>} */
    this.rows = new Map();
    /** @type {Set<string>} */
    this.changed = new Set();
    this.frame = 0;
    this.selected = "";
    this.loaded = false;
    this.body = html("div", { role: "rowgroup", class: "rows", onclick: this.onClick, onkeydown: this.onKey, onfocusin: this.onFocus });
    this.headings = new Map(COLUMNS.map(([name, title]) => [name, this.heading(name, title)]));
    this.chips = new Map(/** @type {[Filter, string][]} */ (Object.entries(FILTERS)).map(([name, title]) => [name, this.chip(name, title)]));
    this.connection = html("span", { class: "connection" });
    this.total = html("span", {}, "Reading the list …");
    this.nothing = html("div", { hidden: true });
    this.grid = html(
      "div",
      { class: "grid live-grid", role: "grid", "aria-label": "Running sessions", hidden: true },
      html("div", { role: "rowgroup" }, html("div", { class: "row head", role: "row" }, ...this.headings.values())),
      this.body,
    );
    this.search = html("input", { type: "search", placeholder: "Person, node, tenant, agent", "aria-label": "Search running sessions", value: wish.search, oninput: () => this.wishFor({ search: this.search.value }) });
    this.element = html(
      "div",
      { class: "stack" },
      pageHead("Live", this.total, this.connection),
      html("div", { class: "filters" }, this.search, html("div", { class: "chips", role: "group", "aria-label": "Show" }, ...[...this.chips.values()].map(({ element }) => element))),
      this.grid,
      this.nothing,
    );
    this.timer = setInterval(() => this.tick(), 1000);
    this.markWish();
  }

  /** @param {Summary[]} sessions */
  replace(sessions) {
    const known = new Set(sessions.map(({ id }) => id));
    this.loaded = true;
    this.change(sessions, [...this.summaries.keys()].filter((id) => !known.has(id)));
  }

  /** @param {Summary[]} changed @param {string[]} gone */
  change(changed, gone) {
    for (const summary of changed) {
      this.summaries.set(summary.id, summary);
      this.changed.add(summary.id);
    }
    for (const id of gone) {
      this.summaries.delete(id);
      this.rows.get(id)?.element.remove();
      this.rows.delete(id);
    }
    this.frame ||= requestAnimationFrame(() => this.draw());
  }

  /** @param {boolean} open */
  connected(open) {
    this.connection.replaceChildren(open ? badge("Live", "good", "live") : badge("Connecting again …", "warn", "connecting"));
  }

  close() {
    clearInterval(this.timer);
    cancelAnimationFrame(this.frame);
  }

  draw() {
    this.frame = 0;
    const started = performance.now();
    const now = Date.now();
    for (const id of this.changed) {
      const summary = this.summaries.get(id);
      if (summary) this.rows.get(id)?.update(summary, now);
    }
    this.changed.clear();
    const shown = listed(this.summaries.values(), wish, now);
    this.place(shown, now);
    this.tell(shown.length, now);
    performance.measure("live-list", { start: started });
  }

  /** Put rows into order, moving as few as it takes: a row that keeps its place keeps focus and scroll. @param {Summary[]} shown @param {number} now */
  place(shown, now) {
    const wanted = new Set(shown.map(({ id }) => id));
    for (const [id, row] of this.rows) if (!wanted.has(id) && row.element.isConnected) row.element.remove();
    const focused = document.activeElement;
    let next = this.body.firstElementChild;
    for (const summary of shown) {
      const row = this.rows.get(summary.id) ?? this.addRow(summary, now);
      if (row.element === next) next = next.nextElementSibling;
      else this.body.insertBefore(row.element, next);
    }
    if (focused instanceof HTMLElement && focused !== document.activeElement && this.body.contains(focused)) focused.focus({ preventScroll: true });
    if (!wanted.has(this.selected)) this.select(shown[0]?.id ?? "");
  }

  /** @param {Summary} summary @param {number} now */
  addRow(summary, now) {
    const row = new LiveRow(summary, now);
    this.rows.set(summary.id, row);
    return row;
  }

  /** @param {number} shown @param {number} now */
  tell(shown, now) {
    const all = this.summaries.size;
    setText(this.total, all === 1 ? "1 session runs" : `${all} sessions run${shown === all ? "" : `, ${shown} shown`}`);
    const found = counts(this.summaries.values(), now);
    for (const [name, { count }] of this.chips) setText(count, String(found[name]));
    this.grid.hidden = shown === 0;
    this.nothing.hidden = shown > 0 || !this.loaded;
    if (!this.nothing.hidden)
      this.nothing.replaceChildren(all ? empty("None of them", "No running session fits the search and the filter.", "search") : empty("Quiet just now", "Sessions appear here as soon as somebody begins one.", "live"));
  }

  tick() {
    const now = Date.now();
    for (const row of this.rows.values()) row.tick(now);
    if (wish.filter === "waiting" || wish.column === "waiting") this.frame ||= requestAnimationFrame(() => this.draw());
  }

  /** @param {Partial<import("../live_order.js").Wish>} changes */
  wishFor(changes) {
    Object.assign(wish, changes);
    this.markWish();
    this.frame ||= requestAnimationFrame(() => this.draw());
  }

  markWish() {
    for (const [name, heading] of this.headings) heading.setAttribute("aria-sort", name !== wish.column ? "none" : wish.descending ? "descending" : "ascending");
    for (const [name, { element }] of this.chips) element.setAttribute("aria-pressed", String(name === wish.filter));
  }

  /** @param {Column} column @param {string} title */
  heading(column, title) {
    const sort = () => this.wishFor({ column, descending: column === wish.column ? !wish.descending : column !== "person" && column !== "node" });
    return html("div", { class: `cell ${column}`, role: "columnheader", "aria-sort": "none" }, html("button", { type: "button", onclick: sort }, title));
  }

  /** @param {Filter} name @param {string} title */
  chip(name, title) {
    const count = html("span", { class: "count" }, "0");
    return { element: html("button", { type: "button", class: "chip", onclick: () => this.wishFor({ filter: name }) }, title, " ", count), count };
  }

  /** @param {string} id */
  select(id) {
    this.mark(this.selected, false);
    this.selected = id;
    this.mark(id, true);
  }

  /** @param {string} id @param {boolean} on */
  mark(id, on) {
    const element = this.rows.get(id)?.element;
    if (!element) return;
    element.tabIndex = on ? 0 : -1;
    element.setAttribute("aria-selected", String(on));
  }

  onClick = (/** @type {MouseEvent} */ event) => {
    const row = rowOf(event.target);
    if (row) this.openSession(row.dataset.id ?? "");
  };

  onFocus = (/** @type {FocusEvent} */ event) => {
    const row = rowOf(event.target);
    if (row) this.select(row.dataset.id ?? "");
  };

  onKey = (/** @type {KeyboardEvent} */ event) => {
    const row = rowOf(event.target);
    if (!row) return;
    if (event.key === "Enter") return this.openSession(row.dataset.id ?? "");
    const to = { ArrowDown: row.nextElementSibling, ArrowUp: row.previousElementSibling, Home: this.body.firstElementChild, End: this.body.lastElementChild }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    if (to instanceof HTMLElement) to.focus();
  };
}

/** @param {EventTarget | null} target @returns {HTMLElement | null} */
const rowOf = (target) => (target instanceof Element ? target.closest(".rows > .row") : null);
