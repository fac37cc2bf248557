// @ts-check
/** The flow as a drawing: where the session stands, the way that it took, and what each node came to. Rows are ranks of the longest way from the start. */

import { html, svg } from "../../shared/dom.js";
import { clock, words } from "../format.js";

const [WIDTH, HEIGHT, ACROSS, DOWN] = [148, 44, 18, 30];

/**
 * @typedef {{id: string, type: string, title: string, outcomes: {key: string, label: string, target: string}[]}} Node
 * @typedef {{nodeId: string, nodeType: string, enteredAt: number, leftAt: number | null, outcome: string | null, evidence: Record<string, any>}} Visit
 */

/** @param {{nodes: Node[], start: string}} flow */
export function flowGraph(flow) {
  const places = ranked(flow);
  const width = Math.max(...[...places.values()].map(({ x }) => x)) + WIDTH;
  const height = Math.max(...[...places.values()].map(({ y }) => y)) + HEIGHT;
  const edges = flow.nodes.flatMap((node) => [...new Set(node.outcomes.map(({ target }) => target))].map((target) => ({ from: node.id, target, path: edge(places, node.id, target) })));
  const boxes = new Map(flow.nodes.map((node) => [node.id, box(node, places)]));
  const drawing = svg("svg", { viewBox: `-6 -6 ${width + 12} ${height + 12}`, width: width + 12, height: height + 12, class: "flow", role: "group", "aria-label": "Nodes of the flow" }, ...edges.map(({ path }) => path), ...boxes.values());
  const steps = html("ol", { class: "steps" });
  const ahead = html("div", { role: "status" });
  const frame = html("div", { class: "flow-scroll" }, drawing);
  const element = html("div", { class: "flow-frame" }, frame, ahead, steps);
  const nodes = new Map(flow.nodes.map((node) => [node.id, node]));
  /** @type {Visit[]} */
  let path = [];
  let shown = "";
  let chosen = "";

  function draw() {
    const current = path.at(-1)?.leftAt === null ? path.at(-1)?.nodeId : "";
    const taken = new Set(path.map(({ nodeId }) => nodeId));
    for (const [id, drawn] of boxes) {
      const state = id === current ? "current" : taken.has(id) ? "taken" : "";
      drawn.setAttribute("class", `node ${state} ${id === chosen ? "chosen" : ""}`);
      drawn.setAttribute("aria-pressed", String(id === chosen));
      drawn.setAttribute("aria-label", `${nodes.get(id)?.title}, ${state === "current" ? "here now" : state || "not reached"}`);
    }
    const ways = path.slice(0, -1).map((visit, index) => `${visit.nodeId}\n${path[index + 1].nodeId}`);
    for (const { from, target, path: line } of edges) line.setAttribute("class", ways.includes(`${from}\n${target}`) ? "edge taken" : "edge");
    const open = new Set([...steps.querySelectorAll("details[open]")].map((each) => /** @type {HTMLElement} */ (each).dataset.key));
    steps.replaceChildren(...path.map((visit) => step(visit, nodes.get(visit.nodeId), open, visit.nodeId === chosen)));
    const node = nodes.get(chosen);
    ahead.replaceChildren(...(node && !taken.has(chosen) ? [notReached(node)] : []));
    return current ?? "";
  }

  /** Show what a node came to; the same one again lets it go. @param {string} id */
  function choose(id) {
    chosen = id === chosen ? "" : id;
    draw();
    const found = steps.querySelector(".chosen");
    found?.querySelector("details")?.setAttribute("open", "");
    found?.scrollIntoView({ block: "nearest" });
  }

  /** One of the nodes takes the focus by Tab, arrow keys go on from there. @param {string} id */
  function reachable(id) {
    for (const [each, drawn] of boxes) drawn.setAttribute("tabindex", each === id ? "0" : "-1");
  }

  drawing.addEventListener("click", (event) => {
    const id = idAt(event);
    if (id) choose(id);
  });
  drawing.addEventListener("focusin", (event) => reachable(idAt(event)));
  drawing.addEventListener("keydown", (event) => {
    const id = idAt(event);
    const ids = [...boxes.keys()];
    const next = ids[ids.indexOf(id) + ({ ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key] ?? 0)];
    if (event.key === "Enter" || event.key === " ") choose(id);
    else if (next && next !== id) boxes.get(next)?.focus();
    else return;
    event.preventDefault();
  });
  reachable(flow.start);

  return {
    element,
    /** @param {Visit[]} next the current node last */
    update(next) {
      path = next;
      const current = draw();
      const place = places.get(current);
      if (!place || current === shown) return;
      shown = current;
      reachable(current);
      // Not scrollIntoView, which moves the page as well.
      frame.scrollTo({ left: place.x - (frame.clientWidth - WIDTH) / 2, top: place.y - (frame.clientHeight - HEIGHT) / 2 });
    },
  };
}

/** @param {Event} event */
const idAt = ({ target }) => (target instanceof Element ? target.closest(".node")?.getAttribute("data-id") : "") ?? "";

/** @param {Node} node */
const notReached = ({ id, type, outcomes }) =>
  html("p", { class: "chosen" }, html("strong", {}, id), ` (${words(type)}): not reached. `, outcomes.length ? `Ways out: ${outcomes.map((each) => each.label || each.key).join(", ")}.` : "");

/** @param {Visit} visit @param {Node | undefined} node @param {Set<string | undefined>} open @param {boolean} chosen */
function step(visit, node, open, chosen) {
  const key = `${visit.nodeId} ${visit.enteredAt}`;
  const evidence = Object.entries(visit.evidence);
  const came = visit.outcome ? `→ ${label(node, visit.outcome)}` : visit.leftAt === null ? "here now" : "";
  const head = [html("strong", {}, visit.nodeId), html("span", { class: "soft" }, `${words(visit.nodeType)} · ${clock(visit.enteredAt)}`), html("span", {}, came)];
  const kind = `${visit.leftAt === null ? "now" : ""} ${chosen ? "chosen" : ""}`;
  if (!evidence.length) return html("li", { class: kind }, html("p", {}, ...head));
  const rows = evidence.map(([name, value]) => html("div", {}, html("dt", {}, words(name)), html("dd", {}, typeof value === "object" ? JSON.stringify(value) : String(value))));
  return html("li", { class: kind }, html("details", { "data-key": key, open: open.has(key) }, html("summary", {}, ...head), html("dl", { class: "facts" }, ...rows)));
}

/** @param {Node | undefined} node @param {string} outcome */
const label = (node, outcome) => node?.outcomes.find(({ key, target }) => key === outcome || target === outcome)?.label || outcome;

/** @param {{nodes: Node[], start: string}} flow @returns {Map<string, {x: number, y: number}>} */
function ranked({ nodes, start }) {
  /** @type {Map<string, number>} */
  const ranks = new Map([[start, 0]]);
  // The flow has no circles, so this settles after as many rounds as its longest way has nodes.
  for (let round = 0, moved = true; moved && round <= nodes.length; round += 1) {
    moved = false;
    for (const { id, outcomes } of nodes) {
      const rank = ranks.get(id);
      if (rank === undefined) continue;
      for (const { target } of outcomes) {
        if ((ranks.get(target) ?? -1) > rank) continue;
        ranks.set(target, rank + 1);
        moved = true;
      }
    }
  }
  /** @type {Map<number, string[]>} */
  const rows = new Map();
  for (const { id } of nodes) {
    const rank = ranks.get(id) ?? 0;
    rows.set(rank, [...(rows.get(rank) ?? []), id]);
  }
  const widest = Math.max(...[...rows.values()].map((row) => row.length));
  const places = new Map();
  for (const [rank, row] of rows) {
    const indent = ((widest - row.length) * (WIDTH + ACROSS)) / 2;
    row.forEach((id, index) => places.set(id, { x: indent + index * (WIDTH + ACROSS), y: rank * (HEIGHT + DOWN) }));
  }
  return places;
}

/** @param {Map<string, {x: number, y: number}>} places @param {string} from @param {string} to */
function edge(places, from, to) {
  const [a, b] = [places.get(from), places.get(to)];
  if (!a || !b) return svg("path", { d: "" });
  const [x1, y1, x2, y2] = [a.x + WIDTH / 2, a.y + HEIGHT, b.x + WIDTH / 2, b.y];
  const bend = Math.max(14, (y2 - y1) / 2);
  return svg("path", { class: "edge", d: `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}` });
}

/** @param {Node} node @param {Map<string, {x: number, y: number}>} places */
function box(node, places) {
  const { x, y } = places.get(node.id) ?? { x: 0, y: 0 };
  const short = node.title.length > 22 ? `${node.title.slice(0, 21)}…` : node.title;
  return svg("g", { class: "node", role: "button", "data-id": node.id }, svg("title", {}, node.title), svg("rect", { x, y, width: WIDTH, height: HEIGHT, rx: 12 }), svg("text", { x: x + 10, y: y + 18, class: "node-type" }, words(node.type)), svg("text", { x: x + 10, y: y + 34 }, short));
}
