// @ts-check
/** What waits for a person's decision, and what was decided. Deciding is done on the report, with everything at hand. */

import { html } from "../../shared/dom.js";
import { ago, dateTime } from "../format.js";
import { badge, button, empty, failure, pageHead, table } from "../parts.js";
import { CAUSES, DECIDED, REVIEW_STATES, textOf } from "../texts.js";

/**
 * @typedef {object} Review
 * @property {string} sessionId
 * @property {string} tenant
 * @property {boolean} sandbox
 * @property {number} createdAt Unix milliseconds
 * @property {string[]} causes the gravest first
 * @property {"open" | "second" | "disputed" | "decided"} state
 * @property {{by: string, at: number, decision?: string, reason?: string}[]} judgements
 * @property {boolean} mine whether the viewer has judged it
 * @property {string | null} decision
 * @property {number | null} decidedAt
 * @property {import("./history.js").Line | null} [session]
 */

/** Causes that concern people's safety. */
const GRAVE = ["duress", "injection", "another_person"];

/** @type {import("../main.js").OpenView} */
export function open(host, { api }) {
  const lead = html("span", {}, "Reading …");
  const list = html("div", { class: "stack" });
  let state = "open";
  const chips = ["open", "decided"].map((name) =>
    html("button", { type: "button", class: "chip", "aria-pressed": String(name === state), onclick: () => void load(name) }, name === "open" ? "Waiting" : "Decided"),
  );

  /** @param {string} wanted */
  async function load(wanted) {
    state = wanted;
    chips.forEach((chip, index) => chip.setAttribute("aria-pressed", String(["open", "decided"][index] === wanted)));
    try {
      const page = await api.get(`/reviews?state=${wanted}`);
      if (state !== wanted) return;
      lead.textContent = waitingText(page.waiting);
      list.replaceChildren(page.reviews.length ? reviewTable(page) : nothing(wanted));
    } catch (/** @type {any} */ error) {
      list.replaceChildren(failure(error, () => void load(wanted)));
    }
  }

  /** @param {{reviews: Review[], cursor: string}} page */
  function reviewTable(page) {
    const { element, add } = table("Reviews", columns(), page.reviews);
    let cursor = page.cursor;
    const more = button("Show more", {
      onclick: async () => {
        const next = await api.get(`/reviews?state=${state}&cursor=${encodeURIComponent(cursor)}`);
        add(next.reviews);
        cursor = next.cursor;
        more.hidden = !cursor;
      },
    });
    more.classList.add("more");
    more.hidden = !cursor;
    return html("div", { class: "stack" }, element, more);
  }

  host.append(html("div", { class: "stack" }, pageHead("Review queue", lead), html("div", { class: "chips", role: "group", "aria-label": "Show" }, ...chips), list));
  void load(state);
  return { close: () => void (state = "") };
}

/** @returns {{title: string, cell: (row: Review) => import("../parts.js").Child, kind?: string}[]} */
function columns() {
  const now = Date.now();
  return [
    { title: "Session", cell: (row) => html("span", {}, html("a", { href: `#/history/${encodeURIComponent(row.sessionId)}` }, row.session?.clientReferenceId || row.sessionId), html("small", {}, row.tenant, row.sandbox ? " · sandbox" : "")) },
    { title: "Why a person is asked", cell: (row) => causeBadges(row.causes) },
    { title: "State", cell: (row) => html("span", {}, stateText(row), html("small", {}, row.judgements.map(({ by }) => by).join(", "))) },
    { title: "Since", cell: (row) => html("span", { title: dateTime(row.createdAt) }, ago(row.createdAt, now)), kind: "nowrap" },
  ];
}

/** @param {string[]} causes */
export const causeBadges = (causes) =>
  html("span", { class: "badges" }, ...causes.map((cause) => (GRAVE.includes(cause) ? badge(textOf(CAUSES, cause), "danger", "alert") : badge(textOf(CAUSES, cause), "warn"))));

/** @param {Review} review */
const stateText = (review) => (review.decision ? textOf(DECIDED, review.decision) : textOf(REVIEW_STATES, review.state) + (review.mine ? " · judged by you" : ""));

/** @param {Record<string, number>} waiting by state */
function waitingText(waiting) {
  const all = Object.values(waiting).reduce((sum, count) => sum + count, 0);
  const parts = [waiting.second ? `${waiting.second} for a second person` : "", waiting.disputed ? `${waiting.disputed} for a supervisor` : ""].filter(Boolean);
  return `${all} ${all === 1 ? "waits" : "wait"}${parts.length ? `, ${parts.join(", ")}` : ""}`;
}

/** @param {string} state */
const nothing = (state) => (state === "open" ? empty("All done", "Sessions that need a decision appear here.") : empty("None yet", "Decided reviews appear here.", "reviews"));
