// @ts-check
/** What all sessions came to: how many, how they ended, where they stopped, how fast they were answered. */

import { html } from "../../shared/dom.js";
import { bars, stackedColumns } from "../bars.js";
import { count, dateTime, duration, percent, sentence, time, words } from "../format.js";
import { button, card, empty, failure, pageHead, select, table } from "../parts.js";
import { OUTCOMES } from "../texts.js";

const RANGES = { 24: "Last 24 hours", 168: "Last 7 days", 720: "Last 30 days" };
const PARTS = ["verified", "unverified", "incomplete", "expired"].map((key) => ({ key, name: OUTCOMES[key] }));
const MOST_BARS = 8;

/** @type {import("../main.js").OpenView} */
export function open(host, { api, staff }) {
  const range = select(RANGES, "24");
  range.setAttribute("aria-label", "Time");
  const mode = select({ production: "Production", sandbox: "Sandbox" }, staff.sandboxOnly ? "sandbox" : "production");
  mode.setAttribute("aria-label", "Mode");
  const shown = html("div", { class: "fleet" });
  host.append(html("div", { class: "stack" }, pageHead("Fleet", "What sessions came to, counted at most half a minute ago.", range, mode, button("Refresh", { onclick: () => void load() })), shown));
  let turn = 0;

  async function load() {
    const mine = ++turn;
    shown.setAttribute("aria-busy", "true");
    try {
      const numbers = await api.get(`/fleet?hours=${range.value}&mode=${mode.value}`);
      if (mine === turn) shown.replaceChildren(...(numbers.sessions ? draw(numbers) : [empty("No session ended in this time", "Choose a longer time, or the other mode.", "fleet")]));
    } catch (/** @type {any} */ error) {
      if (mine === turn) shown.replaceChildren(failure(error, () => void load()));
    } finally {
      shown.removeAttribute("aria-busy");
    }
  }

  range.addEventListener("change", () => void load());
  mode.addEventListener("change", () => void load());
  void load();
  return { close: () => void (turn += 1) };
}

/** @param {any} numbers see `rtc_server/insight/tally.py` */
function draw(numbers) {
  const whole = numbers.hours > 48 ? dateTime : time;
  return [
    html(
      "dl",
      { class: "tiles" },
      tile("Sessions", count(numbers.sessions)),
      tile("Completed", share(numbers.completion)),
      tile("Verified of completed", share(numbers.verification)),
      tile("Answer, half of them within", answer(numbers.answers.p50)),
      tile("Answer, 95 of 100 within", answer(numbers.answers.p95)),
      tile("Length, half of them", numbers.seconds.p50 === null ? "–" : duration(numbers.seconds.p50 * 1000)),
    ),
    card("Sessions over time", stackedColumns("Sessions over time", PARTS, numbers.overTime.map((/** @type {any} */ column) => ({ title: whole(column.at), values: column })))),
    card("Answers of the avatar over time", answersOverTime(numbers, whole)),
    card("Where they stop", dropOff(numbers.nodes), nodes(numbers.nodes)),
    html("div", { class: "fleet-grid" }, counted("Why sessions are not verified", numbers.failures, failureName), counted("Liveness", numbers.liveness), counted("Languages", numbers.languages, languageName), counted("Browsers", numbers.browsers, asIs), counted("Systems", numbers.systems, asIs), counted("Devices", numbers.devices)),
  ];
}

/** @param {string} name @param {string} value */
const tile = (name, value) => html("div", {}, html("dt", {}, name), html("dd", {}, value));

/** @param {number | null} value */
const share = (value) => (value === null ? "–" : percent(value));

/** @param {number | null} milliseconds */
const answer = (milliseconds) => (milliseconds === null ? "–" : `${(milliseconds / 1000).toFixed(2)} s`);

/** From the end of what a person said to the first sound of the answer. @param {any} numbers @param {(at: number) => string} whole */
function answersOverTime({ answers, overTime }, whole) {
  if (!answers.count) return html("p", { class: "soft" }, "Nothing was answered aloud in this time.");
  const known = new Map(answers.overTime.map((/** @type {any} */ column) => [column.at, column]));
  const columns = overTime.map((/** @type {any} */ { at }) => {
    const { p50 = 0, p95 = 0, count: answered = 0 } = known.get(at) ?? {};
    return { title: whole(at), values: { p50, beyond: p95 - p50, p95, answered } };
  });
  const parts = [
    { key: "p50", name: "Half of them within", words: (/** @type {any} */ { p50, answered }) => answer(answered ? p50 : null) },
    { key: "beyond", name: "95 of 100 within", pattern: 3, words: (/** @type {any} */ { p95, answered }) => answer(answered ? p95 : null) },
  ];
  return stackedColumns("Answers of the avatar over time", parts, columns, answer);
}

/** How many sessions ended at each node, in the order of the flow. @param {any[]} rows */
function dropOff(rows) {
  const left = rows.filter(({ ended }) => ended > 0);
  return left.length ? bars(left.map(({ nodeId, ended }) => ({ name: nodeId, value: ended }))) : null;
}

/** @param {any[]} rows */
function nodes(rows) {
  if (!rows.length) return empty("No node was entered", "Sessions ended before their first question.", "minus");
  return table(
    "Nodes",
    [
      { title: "Node", cell: (row) => html("span", {}, html("strong", {}, row.nodeId), " ", html("small", { class: "soft" }, words(row.nodeType))) },
      { title: "Entered", kind: "number", cell: (row) => count(row.entered) },
      { title: "Went on", kind: "number", cell: (row) => count(row.left) },
      { title: "Ended there", kind: "number", cell: (row) => `${count(row.ended)} (${percent(row.entered ? row.ended / row.entered : 0)})` },
      { title: "Time, half of them", kind: "number", cell: (row) => seconds(row.seconds?.p50) },
      { title: "95 of 100", kind: "number", cell: (row) => seconds(row.seconds?.p95) },
    ],
    rows,
  ).element;
}

/** @param {number | null | undefined} value */
const seconds = (value) => (value === null || value === undefined ? "–" : `${value < 10 ? value.toFixed(1) : Math.round(value)} s`);

/** Names of browsers and systems. @param {string} key */
const asIs = (key) => key;

/** A type of node and its outcome, or how the session ended. @param {string} key */
const failureName = (key) => sentence(key.replace(":", ": "));

/** @param {string} key such as `en` */
function languageName(key) {
  try {
    return new Intl.DisplayNames("en", { type: "language" }).of(key) ?? key;
  } catch {
    return key;
  }
}

/** @param {string} title @param {{key: string, count: number}[]} rows @param {(key: string) => string} [name] */
function counted(title, rows, name = sentence) {
  if (!rows.length) return card(title, html("p", { class: "soft" }, "None."));
  return card(title, bars(rows.slice(0, MOST_BARS).map((row) => ({ name: row.key ? name(row.key) : "Not known", value: row.count }))));
}
