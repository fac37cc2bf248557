// @ts-check
/** Sessions that have been, newest first, a page at a time. */

import { html, setText } from "../../shared/dom.js";
import { dateTime, duration } from "../format.js";
import { badge, button, empty, failure, pageHead, select, table } from "../parts.js";
import { DECIDED, OUTCOMES, REVIEW_STATES, STATUSES, textOf } from "../texts.js";

const TYPING_MS = 300;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * @typedef {object} Line
 * @property {string} id
 * @property {string} tenant
 * @property {boolean} sandbox
 * @property {number} createdAt Unix milliseconds
 * @property {number | null} finishedAt
 * @property {string} status
 * @property {string | null} reason
 * @property {string | null} outcome
 * @property {string} flowId
 * @property {string} clientReferenceId
 * @property {number | null} redactedAt
 * @property {{state: string, decision: string | null} | null} review
 */

/** The fields of the filter, kept while the tab is open. */
const wish = { query: "", outcome: "", status: "", from: "", to: "" };

/** @type {import("../main.js").OpenView} */
export function open(host, { api }) {
  const { element, add, clear } = table("Sessions", COLUMNS, /** @type {Line[]} */ ([]));
  const found = html("span", { role: "status" }, "Reading …");
  const more = button("Show more", { onclick: () => void load() });
  more.classList.add("more");
  const problem = html("div");
  const nothing = html("div");
  let cursor = "";
  let shown = 0;
  let turn = 0;
  let timer = 0;

  async function load(fresh = false) {
    const mine = fresh ? ++turn : turn;
    if (fresh) cursor = "";
    problem.replaceChildren();
    more.disabled = true;
    try {
      const page = await api.get(`/history?${query(cursor)}`);
      if (mine !== turn) return;
      if (fresh) {
        clear();
        shown = 0;
      }
      add(page.sessions);
      shown += page.sessions.length;
      cursor = page.cursor ?? "";
      more.hidden = !cursor;
      element.hidden = shown === 0;
      setText(found, `${shown}${cursor ? " or more" : ""} ${shown === 1 ? "session" : "sessions"}`);
      nothing.replaceChildren(...(shown ? [] : [empty("No session", "None fits the search and the filters.", "search")]));
    } catch (/** @type {any} */ error) {
      if (mine === turn) problem.replaceChildren(failure(error, () => void load(fresh)));
    } finally {
      more.disabled = false;
    }
  }

  const filters = filterBar(() => {
    clearTimeout(timer);
    timer = setTimeout(() => void load(true), TYPING_MS);
  });
  host.append(html("div", { class: "stack" }, pageHead("History", found), filters, problem, element, nothing, more));
  void load(true);
  return { close: () => clearTimeout(timer) };
}

/** @type {{title: string, cell: (row: Line) => import("../parts.js").Child, kind?: string}[]} */
const COLUMNS = [
  { title: "Session", cell: (row) => html("span", {}, html("a", { href: `#/history/${encodeURIComponent(row.id)}` }, row.clientReferenceId || row.id), html("small", {}, row.clientReferenceId ? row.id : "", row.redactedAt ? " · redacted" : "")) },
  { title: "Result", cell: (row) => resultBadge(row.outcome, row.status) },
  { title: "Why", cell: (row) => row.reason || "–" },
  { title: "Review", cell: (row) => (row.review ? textOf(row.review.decision ? DECIDED : REVIEW_STATES, row.review.decision ?? row.review.state) : "–") },
  { title: "Tenant", cell: (row) => html("span", {}, row.tenant, row.sandbox && html("small", {}, "sandbox")) },
  { title: "Created", cell: (row) => dateTime(row.createdAt), kind: "nowrap number" },
  { title: "Lasted", cell: (row) => (row.finishedAt ? duration(row.finishedAt - row.createdAt) : "–"), kind: "nowrap number end" },
];

/** How a session ended, or that it has not. @param {string | null} outcome @param {string} status */
export function resultBadge(outcome, status) {
  if (outcome === "verified") return badge(OUTCOMES.verified, "good", "check");
  if (outcome === "unverified") return badge(OUTCOMES.unverified, "danger", "cross");
  return badge(outcome ? textOf(OUTCOMES, outcome) : textOf(STATUSES, status), "", outcome ? "minus" : "waiting");
}

/** @param {() => void} changed */
function filterBar(changed) {
  /** @template {HTMLInputElement | HTMLSelectElement} Input @param {keyof typeof wish} name @param {Input} input */
  const bind = (name, input) => {
    input.value = wish[name];
    input.addEventListener("input", () => {
      wish[name] = input.value;
      changed();
    });
    return input;
  };
  const search = bind("query", html("input", { type: "search", placeholder: "Id, client reference, metadata", maxLength: 200, "aria-label": "Search sessions" }));
  const outcome = bind("outcome", select({ "": "All results", ...OUTCOMES }));
  const status = bind("status", select({ "": "All states", ...STATUSES }));
  outcome.setAttribute("aria-label", "Result");
  status.setAttribute("aria-label", "State");
  return html(
    "div",
    { class: "filters" },
    search,
    outcome,
    status,
    html("label", {}, "From", bind("from", html("input", { type: "date" }))),
    html("label", {}, "to", bind("to", html("input", { type: "date" }))),
  );
}

/** @param {string} cursor */
function query(cursor) {
  const { from, to, ...texts } = wish;
  const values = Object.entries({ ...texts, query: texts.query.trim(), cursor }).filter(([, value]) => value);
  if (from) values.push(["from", String(midnight(from))]);
  if (to) values.push(["to", String(midnight(to) + DAY_MS - 1)]);
  return new URLSearchParams(values).toString();
}

/** Of this day, here. @param {string} day `2026-11-22` */
const midnight = (day) => new Date(`${day}T00:00:00`).getTime();
