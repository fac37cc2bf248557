// @ts-check
/** What the camera shows, as numbers: a chart for each series of the running check, its cues in words, its advice. */

import { html } from "../../shared/dom.js";
import { sparkline } from "../charts.js";
import { clock, words } from "../format.js";
import { badge, empty } from "../parts.js";

const MOST_POINTS = 600;
const NAMES = { yaw: "Head left or right", pitch: "Head up or down", faceWidth: "Width of the face", sharpness: "Sharpness", light: "Light", eyeClosure: "Eyes closed", smile: "Smile", texture: "Skin texture", similarity: "Likeness", coverage: "Document in the frame", glare: "Glare", motion: "Motion" };
/** @type {Record<string, [import("../parts.js").Tone, string, string]>} */
const STATES = { supports: ["good", "check", "in favour"], against: ["danger", "cross", "against"], neutral: ["", "minus", "says nothing"], not_checked: ["", "unknown", "not checked"] };

/**
 * @typedef {{requestId: string, kind: string, nodeId: string, startedAt: number, endedAt: number | null, verdict: any, hints: {at: number, key: string}[],
 *   cues: {key: string, state: string, value: any}[], series?: import("../charts.js").Line[]}} Check
 */

export function checksPanel() {
  const list = html("div", { class: "checks" });
  const nothing = empty("No check yet", "Charts appear here while a face or a document is looked at.", "checking");
  list.append(nothing);
  /** @type {Map<string, ReturnType<typeof panel>>} */
  const panels = new Map();

  /** @param {Check} check */
  function show(check) {
    nothing.remove();
    let shown = panels.get(check.requestId);
    if (!shown) {
      shown = panel(check);
      panels.set(check.requestId, shown);
      list.prepend(shown.element);
    }
    shown.update(check);
  }

  return {
    element: list,
    show,
    /** @param {{requestId: string, key: string, unit?: string, threshold?: number, points: [number, number][]}} added */
    add: (added) => panels.get(added.requestId)?.add(added),
  };
}

/** @param {Check} check */
function panel(check) {
  const title = html("h3", {}, check.kind === "document" ? "Document" : "Face");
  const state = html("div", { class: "badges" });
  const advice = html("p", { class: "soft" });
  const cues = html("ul", { class: "cues" });
  const charts = html("div", { class: "charts" });
  /** @type {Map<string, {chart: ReturnType<typeof sparkline>, points: [number, number][]}>} */
  const drawn = new Map();

  /** @param {import("../charts.js").Line} line */
  function add({ key, unit, points, threshold }) {
    let known = drawn.get(key);
    if (!known) {
      known = { chart: sparkline(/** @type {Record<string, string>} */ (NAMES)[key] ?? words(key), unit), points: [] };
      drawn.set(key, known);
      charts.append(known.chart.element);
    }
    known.points = [...known.points, ...points].slice(-MOST_POINTS);
    known.chart.update(known.points, threshold);
  }

  return {
    element: html("article", { class: "check" }, html("header", {}, title, html("span", { class: "soft" }, `${check.nodeId} · ${clock(check.startedAt)}`), state), advice, cues, charts),
    add,
    /** @param {Check} next */
    update(next) {
      const verdict = next.verdict?.outcome;
      const tone = verdict === "bona_fide" || verdict === "read" || verdict === "captured" ? "good" : verdict === "attack" || verdict === "rejected" ? "danger" : "";
      state.replaceChildren(next.endedAt === null ? badge("Running", "accent", "live") : badge(verdict ? words(verdict) : "Broken off", tone, tone === "good" ? "check" : tone ? "cross" : "minus"));
      if (next.verdict?.reasons?.length) state.append(html("span", { class: "soft" }, next.verdict.reasons.map(words).join(", ")));
      const hint = next.hints.at(-1);
      advice.textContent = hint ? `Told the person: ${words(hint.key)}` : "";
      cues.replaceChildren(...next.cues.map(cue));
      for (const line of next.series ?? []) {
        const known = drawn.get(line.key);
        if (known) known.points = []; // It is the whole series: a view that came back has it again.
        add(line);
      }
    },
  };
}

/** @param {{key: string, state: string, value: any}} cue */
function cue({ key, state, value }) {
  const [tone, name, text] = STATES[state] ?? STATES.neutral;
  const shown = typeof value === "number" ? ` (${Math.round(value * 100) / 100})` : "";
  return html("li", {}, html("span", {}, words(key)), badge(`${text}${shown}`, tone, name));
}
