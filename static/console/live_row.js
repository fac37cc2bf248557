// @ts-check
/** One line of the live list: made once, then only what differs is written. */

import { html, setText } from "../shared/dom.js";
import { duration, time, words } from "./format.js";
import { icon } from "./icons.js";
import { LONG_WAIT_MS, nameOf, waitedMs } from "./live_order.js";
import { NETWORKS, RISKS, STATES, textOf } from "./texts.js";

/** @typedef {import("./live_order.js").Summary} Summary */

export class LiveRow {
  /** @param {Summary} summary @param {number} now */
  constructor(summary, now) {
    this.person = html("strong");
    this.about = html("small", { class: "soft" });
    this.state = new Sign();
    this.recording = html("small", { class: "recorded", hidden: true }, icon("record"), "Recorded");
    this.node = html("span");
    this.attempts = html("small", { class: "soft" });
    this.waiting = html("span", { class: "number" });
    this.risk = new Sign();
    this.reasons = html("small", { class: "soft" });
    this.network = new Sign();
    this.agents = html("span");
    this.started = html("span", { class: "number" });
    this.element = html(
      "div",
      { class: "row", role: "row", tabIndex: -1, "data-id": summary.id },
      cell("person", this.person, this.about),
      cell("state", this.state.element, this.recording),
      cell("node", this.node, this.attempts),
      cell("waiting", this.waiting),
      cell("risk", this.risk.element, this.reasons),
      cell("network", this.network.element),
      cell("agents", this.agents),
      cell("started", this.started),
    );
    this.summary = summary;
    this.update(summary, now);
  }

  /** @param {Summary} summary @param {number} now */
  update(summary, now) {
    this.summary = summary;
    const { device, risk, network, agents } = summary;
    setText(this.person, nameOf(summary));
    setText(this.about, [summary.tenant + (summary.sandbox ? " · sandbox" : ""), summary.language, device.mobile ? "mobile" : device.browser].join(" · "));
    this.state.show(summary.state, textOf(STATES, summary.state), summary.state);
    this.recording.hidden = !summary.recording;
    setText(this.node, summary.nodeId || "–");
    setText(this.attempts, summary.attempts > 1 ? `try ${summary.attempts}` : words(summary.nodeType || ""));
    this.risk.show(risk.level === "none" ? "minus" : "alert", textOf(RISKS, risk.level), risk.level);
    setText(this.reasons, risk.reasons.map(words).join(", "));
    this.network.show(network.quality, textOf(NETWORKS, network.quality), network.quality);
    setText(this.agents, agents.map(({ name, mode }) => (mode === "speaking" ? `${name} (speaks)` : name)).join(", ") || "–");
    setText(this.started, time(summary.startedAt));
    this.tick(now);
  }

  /** The waiting time goes on by itself. @param {number} now */
  tick(now) {
    const waited = waitedMs(this.summary, now);
    setText(this.waiting, this.summary.waitingSince === null ? "–" : duration(waited));
    this.waiting.classList.toggle("long", waited >= LONG_WAIT_MS);
  }
}

/** An icon and a word; drawn anew only when it is another one. */
class Sign {
  constructor() {
    this.element = html("span", { class: "sign" });
    this.shown = "";
  }

  /** @param {string} name of the icon @param {string} text @param {string} tone */
  show(name, text, tone) {
    if (this.shown === tone + text) return;
    this.shown = tone + text;
    this.element.setAttribute("data-tone", tone);
    this.element.replaceChildren(icon(name), html("span", {}, text));
  }
}

/** @param {string} kind @param {...Node} children */
const cell = (kind, ...children) => html("div", { class: `cell ${kind}`, role: "gridcell" }, ...children);
