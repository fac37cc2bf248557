// @ts-check
/** How fast the person is answered, and how their connection is. */

import { html } from "../../shared/dom.js";
import { sparkline, stackedBars } from "../charts.js";
import { clock } from "../format.js";

const MOST_TURNS = 8;
const MOST_POINTS = 200;
/** @type {[string, string][]} */
const PARTS = [["endpointMs", "end of turn"], ["evaluateMs", "judging"], ["synthesizeMs", "voice"], ["playoutMs", "playing"]];

export function numbersPanel() {
  const turns = html("div", {}, html("p", { class: "soft" }, "No answer yet."));
  const round = sparkline("Round trip", "ms");
  const buffer = sparkline("Receive buffer", "ms");
  const lost = sparkline("Packets lost", "in all");
  const element = html("div", { class: "numbers" }, html("h3", {}, "Voice to voice"), turns, html("h3", {}, "Connection"), html("div", { class: "charts" }, round.element, buffer.element, lost.element));
  /** @type {any[]} */
  let latency = [];
  /** @type {any[]} */
  let connection = [];

  function draw() {
    if (latency.length) turns.replaceChildren(stackedBars(latency.slice(-MOST_TURNS).reverse().map((turn) => ({ title: clock(turn.at), parts: PARTS.map(([key, name]) => ({ name, value: turn[key] ?? 0 })) })), "ms"), html("p", { class: "soft legend" }, `Parts, from the left: ${PARTS.map(([, name]) => name).join(", ")}.`));
    /** @param {string} key @returns {[number, number][]} */
    const series = (key) => connection.filter((each) => typeof each[key] === "number").map((each) => [each.at, each[key]]);
    round.update(series("roundTripMs"));
    buffer.update(series("jitterBufferMs"));
    lost.update(series("packetsLost"));
  }

  return {
    element,
    /** @param {any[]} allTurns @param {any[]} allConnection */
    replace(allTurns, allConnection) {
      latency = allTurns;
      connection = allConnection;
      draw();
    },
    /** @param {any} turn */
    turn(turn) {
      latency = [...latency, turn].slice(-MOST_POINTS);
      draw();
    },
    /** @param {any} point */
    point(point) {
      connection = [...connection, point].slice(-MOST_POINTS);
      draw();
    },
  };
}
