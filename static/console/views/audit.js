// @ts-check
/** What was done by whom, newest first, and whether the chain of entries holds. */

import { html } from "../../shared/dom.js";
import { count, dateTime } from "../format.js";
import { icon } from "../icons.js";
import { badge, button, card, empty, failure, pageHead, select, table } from "../parts.js";
import { actionText, textOf } from "../texts.js";

/** @typedef {Record<string, any>} Entry */

const TYPING_MS = 300;

/** @type {Record<string, string>} beginnings of actions */
const KINDS = { "": "All entries", "session.": "Sessions", "staff.": "Staff", "media.": "Pictures", "report.": "Reports", "review.": "Reviews", "verdict.": "Verdicts", "alerts.": "Alerts" };

/** @type {{title: string, cell: (row: Entry) => import("../parts.js").Child, kind?: string}[]} */
const COLUMNS = [
  { title: "No.", cell: (row) => count(row.sequence), kind: "number end" },
  { title: "When", cell: (row) => dateTime(row.at), kind: "nowrap number" },
  { title: "Who", cell: (row) => html("span", {}, row.actorName || row.actor, row.actorName && html("small", {}, row.actor)) },
  { title: "What", cell: (row) => html("span", {}, actionText(row.action), html("small", {}, html("code", {}, row.action))), kind: "nowrap" },
  { title: "Session", cell: (row) => row.sessionId || "–" },
  { title: "Details", cell: (row) => (Object.keys(row.details ?? {}).length ? html("code", {}, JSON.stringify(row.details)) : "–") },
];

/** @type {import("../main.js").OpenView} */
export function open(host, { api }) {
  const { element, add, clear } = table("Entries of the audit", COLUMNS, /** @type {Entry[]} */ ([]));
  const chain = html("div", {}, card("Chain", html("p", { class: "soft" }, "Checking …")));
  const problem = html("div");
  const kinds = select(KINDS);
  kinds.setAttribute("aria-label", "Kind of entry");
  const session = html("input", { type: "search", placeholder: "Id of a session", "aria-label": "Entries of one session", maxLength: 64 });
  const more = button("Show more", { onclick: () => void load() });
  more.classList.add("more");
  let after = 0;
  let turn = 0;
  let timer = 0;

  async function load(fresh = false) {
    const mine = fresh ? ++turn : turn;
    const wish = { action: kinds.value, session: session.value.trim(), after: fresh || !after ? "" : String(after) };
    try {
      const page = await api.get(`/audit?${new URLSearchParams(Object.entries(wish).filter(([, value]) => value))}`);
      if (mine !== turn) return;
      if (fresh) clear();
      problem.replaceChildren(...(fresh && !page.entries.length ? [empty("No entry", "None fits the filters.", "search")] : []));
      element.hidden = fresh && !page.entries.length;
      add(page.entries);
      after = page.cursor ?? 0;
      more.hidden = !after;
    } catch (/** @type {any} */ error) {
      if (mine === turn) problem.replaceChildren(failure(error, () => void load(fresh)));
    }
  }

  async function check() {
    try {
      chain.replaceChildren(chainCard(await api.get("/audit/check")));
    } catch (/** @type {any} */ error) {
      chain.replaceChildren(failure(error, () => void check()));
    }
  }

  kinds.addEventListener("change", () => void load(true));
  session.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => void load(true), TYPING_MS);
  });
  host.append(
    html(
      "div",
      { class: "stack" },
      pageHead("Audit", "Each entry is tied to the one before and signed, so that a change shows."),
      chain,
      html("div", { class: "filters" }, session, kinds),
      problem,
      element,
      more,
    ),
  );
  void load(true);
  void check();
  return { close: () => clearTimeout(timer) };
}

/** @param {{state: string, entries: number, checkedAt: number, breaks: Record<string, any>[]}} found */
function chainCard({ state, entries, checkedAt, breaks }) {
  const whole = state === "whole";
  const places = (breaks ?? []).map((one) => html("li", {}, html("code", {}, String(one.sequence)), ` ${textOf({}, one.kind)}`));
  return card(
    "Chain",
    html("div", { class: "badges" }, badge(whole ? "Whole" : "Broken", whole ? "good" : "danger", whole ? "check" : "alert"), html("span", { class: "soft" }, `${count(entries)} entries, checked ${dateTime(checkedAt)}`)),
    places.length > 0 && html("p", {}, icon("alert"), " Entries that do not hold:"),
    places.length > 0 && html("ul", {}, ...places),
  );
}
