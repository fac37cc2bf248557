// @ts-check
/** One session as it runs: the person, what is said, where the flow stands, what the camera shows, and what an agent can do. */

import { html, setText } from "../../shared/dom.js";
import { Call } from "../call.js";
import { duration, words } from "../format.js";
import { icon } from "../icons.js";
import { nameOf, waitedMs } from "../live_order.js";
import { badge, card, failure, pageHead } from "../parts.js";
import { acts } from "../session/acts.js";
import { checksPanel } from "../session/checks.js";
import { flowGraph } from "../session/graph.js";
import { numbersPanel } from "../session/numbers.js";
import { Picture } from "../session/picture.js";
import { talk } from "../session/talk.js";
import { NETWORKS, RISKS, STATES, textOf } from "../texts.js";

/** @type {import("../main.js").OpenView} */
export function open(host, { api, staff, go, id }) {
  const path = `/live/${encodeURIComponent(id)}`;
  const picture = new Picture(() => void call.open());
  const sounds = [html("audio", { autoplay: true, muted: true }), html("audio", { autoplay: true, muted: true })];
  /** @type {Call} */
  const call = new Call(api, path, { video: picture.video, sounds, state: (state, error) => picture.state(state, error) });
  const controls = acts({ api, path, staff, call });
  const spoken = talk();
  const checks = checksPanel();
  const numbers = numbersPanel();
  const state = html("div", { class: "badges" });
  const waiting = html("span", { class: "soft number" });
  const problem = html("div", { class: "told", role: "status" });
  const graphHost = html("div");
  const judged = html("ul", { class: "judged" });
  const head = pageHead("Session", html("span", {}, id), state);
  const inside = html(
    "div",
    { class: "stack" },
    html("a", { class: "back", href: "#/live" }, icon("back"), "Live"),
    head,
    problem,
    html(
      "div",
      { class: "watch" },
      html("div", { class: "watch-left" }, html("section", { class: "card picture" }, picture.element, waiting, ...sounds), controls.element),
      html("div", { class: "watch-middle" }, card("What is said", spoken.element), card("Checks", checks.element)),
      html("div", { class: "watch-right" }, card("Flow", graphHost), card("Judged replies", judged), card("Numbers", numbers.element)),
    ),
  );
  host.append(inside);

  /** @type {any} */
  let summary = null;
  /** @type {any} */
  let flow = { nodes: [], start: "" };
  /** @type {any[]} */
  let path_ = [];
  /** @type {{id: string, name: string} | null} */
  let holder = null;
  let ended = false;
  /** @type {ReturnType<typeof flowGraph> | null} */
  let graph = null;

  function drawSummary() {
    const title = /** @type {HTMLElement} */ (head.querySelector("h1"));
    setText(title, nameOf(summary));
    state.replaceChildren(
      badge(ended ? "Ended" : textOf(STATES, summary.state), ended ? "" : "accent", ended ? "check" : summary.state),
      badge(`Risk: ${textOf(RISKS, summary.risk.level).toLowerCase()}${summary.risk.reasons.length ? ` (${summary.risk.reasons.map(words).join(", ")})` : ""}`, summary.risk.level === "high" ? "danger" : summary.risk.level === "low" ? "warn" : "", summary.risk.level === "none" ? "minus" : "alert"),
      badge(`Network: ${textOf(NETWORKS, summary.network.quality).toLowerCase()}`, summary.network.quality === "poor" ? "danger" : summary.network.quality === "fair" ? "warn" : "", summary.network.quality),
      ...(summary.recording ? [badge("Recorded", "warn", "record")] : []),
      ...summary.agents.map((/** @type {any} */ agent) => badge(agent.id === staff.id ? "You" : agent.name, agent.mode === "speaking" ? "danger" : "", agent.mode === "speaking" ? "hearing" : "held")),
    );
    const node = flow.nodes.find((/** @type {any} */ each) => each.id === summary.nodeId);
    controls.update({ ended, holder, nodeId: summary.nodeId, outcomes: node?.outcomes ?? [] });
    tick();
  }

  function tick() {
    picture.tick();
    if (!summary || ended) return setText(waiting, "");
    const waited = waitedMs(summary, Date.now());
    setText(waiting, [waited === null ? "" : `Quiet for ${duration(waited)}`, `running for ${duration(Date.now() - summary.startedAt)}`].filter(Boolean).join(" · "));
  }

  /** @param {any} evaluation */
  function showJudged(evaluation) {
    const chosen = evaluation.options.find((/** @type {any} */ option) => option.id === evaluation.outcome);
    const text = chosen ? chosen.text || chosen.id : "nothing that holds surely enough";
    judged.prepend(html("li", {}, html("q", { dir: "auto" }, evaluation.reply), html("span", {}, "→ ", html("strong", {}, text)), html("small", { class: "soft" }, `${Math.round(evaluation.confidence * 100)} % · ${words(evaluation.reason)} · ${evaluation.evaluator} · ${evaluation.ms} ms`)));
    while (judged.children.length > 20) judged.lastElementChild?.remove();
  }

  const stream = api.stream(path, {
    on: {
      snapshot: (data) => {
        problem.replaceChildren();
        ({ summary, flow } = data);
        path_ = data.path;
        holder = data.agent.holder;
        graph = flowGraph(flow);
        graphHost.replaceChildren(graph.element);
        graph.update(path_);
        spoken.replace(data.transcript);
        data.checks.forEach(checks.show);
        judged.replaceChildren();
        data.evaluations.forEach(showJudged);
        numbers.replace(data.latency, data.connection);
        drawSummary();
        void call.open().catch(() => {});
      },
      summary: (data) => {
        summary = data;
        drawSummary();
      },
      phrase: (data) => spoken.show(data),
      path: (entry) => {
        const at = path_.findIndex((each) => each.nodeId === entry.nodeId && each.enteredAt === entry.enteredAt);
        path_ = at >= 0 ? path_.with(at, entry) : [...path_, entry];
        graph?.update(path_);
      },
      evaluation: showJudged,
      check: (data) => checks.show(data),
      points: (data) => checks.add(data),
      latency: (data) => numbers.turn(data),
      connection: (data) => numbers.point(data),
      agent: (data) => {
        holder = data.holder;
        drawSummary();
      },
      ended: (data) => {
        ended = true;
        call.close();
        if (summary) drawSummary();
        const verdict = data.isVerified === null ? "" : data.isVerified ? "verified" : "not verified";
        problem.replaceChildren(
          html("div", { class: "notice" }, html("p", {}, html("strong", {}, "The session has ended"), ` (${[words(data.reason), verdict].filter(Boolean).join(", ")}).`), staff.permissions.includes("open_report") && html("a", { class: "act plain", href: `#/history/${encodeURIComponent(id)}` }, "Open its report")),
        );
      },
    },
    state: (now) => {
      if (now === "broken" && !ended) problem.replaceChildren(html("div", { class: "notice" }, html("p", {}, "The connection to the server broke off. Connecting again …")));
    },
    refused: (error) => {
      call.close();
      problem.replaceChildren(failure(error, () => go("#/live")));
    },
  });
  const timer = setInterval(tick, 1000);

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (/** @type {HTMLElement} */ (event.target).matches?.("input, textarea, select")) return;
    const key = event.key.toLowerCase();
    if (key === "l") controls.listen.click();
    else if (key === "t") controls.take.click();
    else if (key === "w") {
      event.preventDefault();
      controls.line.focus();
    }
  }
  addEventListener("keydown", onKey);

  return {
    close() {
      removeEventListener("keydown", onKey);
      clearInterval(timer);
      stream.close();
      controls.close();
      call.close();
    },
  };
}
