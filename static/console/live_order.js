// @ts-check
/** Which running sessions are listed, and in which order. Pure. */

/**
 * @typedef {object} Summary a running session in one line
 * @property {string} id
 * @property {string} tenant
 * @property {boolean} sandbox
 * @property {string} clientReferenceId
 * @property {string} flowId
 * @property {string} [flowName]
 * @property {number} startedAt Unix milliseconds, as all times here
 * @property {string} language
 * @property {string} state
 * @property {string} nodeId
 * @property {string} nodeType
 * @property {number | null} waitingSince
 * @property {number} attempts
 * @property {{level: string, reasons: string[]}} risk
 * @property {{quality: string, roundTripMs?: number | null, lostPercent?: number | null}} network
 * @property {{browser: string, os: string, mobile: boolean}} device
 * @property {{id: string, name: string, mode: string}[]} agents
 * @property {boolean} recording
 *
 * @typedef {"person" | "state" | "node" | "waiting" | "risk" | "network" | "agents" | "started"} Column
 * @typedef {"all" | "waiting" | "risk" | "network" | "agents"} Filter
 * @typedef {{search: string, filter: Filter, column: Column, descending: boolean}} Wish
 */

export const LONG_WAIT_MS = 30_000;

const RISK = ["none", "low", "high"];
const NETWORK = ["unknown", "good", "fair", "poor"];

/** @type {Record<Filter, (one: Summary, now: number) => boolean>} */
const FILTERS = {
  all: () => true,
  waiting: (one, now) => waitedMs(one, now) >= LONG_WAIT_MS,
  risk: (one) => one.risk.level !== "none",
  network: (one) => one.network.quality === "poor",
  agents: (one) => one.agents.length > 0,
};

/** @type {Record<Column, (one: Summary, now: number) => string | number>} */
const KEYS = {
  person: (one) => nameOf(one).toLowerCase(),
  state: (one) => one.state,
  node: (one) => one.nodeId,
  waiting: waitedMs,
  risk: (one) => RISK.indexOf(one.risk.level),
  network: (one) => NETWORK.indexOf(one.network.quality),
  agents: (one) => one.agents.length,
  started: (one) => one.startedAt,
};

/** What a person is called in the list. @param {Summary} one */
export const nameOf = (one) => one.clientReferenceId || one.id;

/** How long nobody has done anything; 0 while the avatar speaks. @param {Summary} one @param {number} now */
export function waitedMs(one, now) {
  return one.waitingSince === null ? 0 : Math.max(0, now - one.waitingSince);
}

/** @param {Iterable<Summary>} all @param {Wish} wish @param {number} now @returns {Summary[]} */
export function listed(all, { search, filter, column, descending }, now) {
  const wanted = search.trim().toLowerCase();
  const key = KEYS[column];
  const sign = descending ? -1 : 1;
  return [...all]
    .filter((one) => FILTERS[filter](one, now) && (!wanted || searchable(one).includes(wanted)))
    .map((one) => ({ one, key: key(one, now) }))
    .sort((a, b) => sign * compare(a.key, b.key) || compare(a.one.id, b.one.id))
    .map(({ one }) => one);
}

/** How many each filter would list. @param {Iterable<Summary>} all @param {number} now @returns {Record<Filter, number>} */
export function counts(all, now) {
  const found = { all: 0, waiting: 0, risk: 0, network: 0, agents: 0 };
  for (const one of all) for (const name of /** @type {Filter[]} */ (Object.keys(found))) if (FILTERS[name](one, now)) found[name] += 1;
  return found;
}

/** @param {Summary} one */
const searchable = (one) => `${one.clientReferenceId} ${one.id} ${one.nodeId} ${one.tenant} ${one.flowName ?? ""} ${one.agents.map(({ name }) => name).join(" ")}`.toLowerCase();

/** @param {string | number} a @param {string | number} b */
const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
