// @ts-check
/** Plays what was seen and heard of a person and what they were told as one: one set of controls, one time. */

import { html, setText } from "../../shared/dom.js";
import { duration } from "../format.js";
import { icon } from "../icons.js";
import { button, select } from "../parts.js";

const TICK_MS = 100;
const STEP_SECONDS = 5;
/** Drift between the two that nobody hears; beyond it the sound goes a little faster or slower, beyond the second it jumps. */
const DRIFT_SECONDS = 0.03;
const JUMP_SECONDS = 0.25;
const SPEEDS = { 0.5: "½ ×", 1: "1 ×", 1.5: "1½ ×", 2: "2 ×" };
const GONE = "This recording cannot be played any more: it was erased, or it was opened more than two hours ago. Open it again.";

/**
 * @typedef {{url: string, contentType: string}} Source
 * @typedef {{medium: HTMLMediaElement, after: number}} Told `after`: seconds from the zero of what is seen to that of this
 */

export class Player {
  /**
   * @param {string} title @param {Source} lead @param {(Source & {after: number})[]} told
   * @param {number} until seconds after which what was told belongs to another part
   */
  constructor(title, lead, told, until) {
    this.lead = this.#medium(lead);
    /** @type {Told[]} */
    this.told = told.map((source) => ({ medium: this.#medium(source), after: source.after }));
    this.until = until;
    this.playing = false;
    this.timer = 0;
    this.play = button("Play", { icon: "play", kind: "primary", onclick: () => this.toggle() });
    this.position = html("input", { type: "range", min: "0", step: "0.1", value: "0", "aria-label": "Position", oninput: () => this.seek(Number(this.position.value)) });
    this.time = html("span", { class: "number soft" });
    this.speed = select(SPEEDS, "1");
    this.speed.setAttribute("aria-label", "Speed");
    this.speed.addEventListener("change", () => this.#show());
    this.problem = html("p", { class: "problem", role: "alert" });
    const hint = html("p", { class: "hint" }, "Space plays and pauses, ← and → move by 5 s, Home and End go to the ends.");
    this.element = html(
      "figure",
      { class: "player", role: "group", "aria-label": title, onkeydown: this.#onKey },
      this.lead,
      ...this.told.map(({ medium }) => medium),
      html("div", { class: "player-row" }, this.play, this.position, this.time),
      html("div", { class: "player-row" }, this.speed, ...this.#voices()),
      this.problem,
      hint,
    );
    this.#show();
  }

  /** Seconds that there are, as far as is known. */
  get length() {
    return Math.max(lengthOf(this.lead), ...this.told.map(({ medium, after }) => Math.min(this.until, after + lengthOf(medium))));
  }

  /** Seconds since the zero of what is seen; where that has ended, what is heard goes on. */
  get now() {
    const heard = this.lead.ended ? this.told.filter(({ medium, after }) => after + lengthOf(medium) > this.lead.currentTime) : [];
    return Math.max(this.lead.currentTime, ...heard.map(({ medium, after }) => after + medium.currentTime));
  }

  toggle() {
    if (this.playing) return this.#stop();
    if (this.now >= this.length - 0.05) this.seek(0);
    this.playing = true;
    this.timer = window.setInterval(() => this.#tick(), TICK_MS);
    this.#tick();
  }

  /** @param {number} seconds */
  seek(seconds) {
    const wanted = Math.min(Math.max(0, seconds), this.length);
    this.lead.currentTime = Math.min(wanted, lengthOf(this.lead));
    for (const { medium, after } of this.told) medium.currentTime = Math.min(Math.max(0, wanted - after), lengthOf(medium));
    this.#show();
  }

  close() {
    this.#stop();
    for (const medium of this.#media) {
      medium.removeAttribute("src");
      medium.load();
    }
  }

  get #media() {
    return [this.lead, ...this.told.map(({ medium }) => medium)];
  }

  #stop() {
    this.playing = false;
    clearInterval(this.timer);
    for (const medium of this.#media) medium.pause();
    this.#show();
  }

  /** Keep both going, and together: the picture leads, and while it has to wait so does the sound. */
  #tick() {
    const rate = Number(this.speed.value);
    if (this.now >= this.length - 0.01 && this.length > 0) return this.#stop();
    this.lead.playbackRate = rate;
    if (this.lead.paused && !this.lead.ended) this.#start(this.lead);
    for (const told of this.told) this.#follow(told, rate);
    this.#show();
  }

  /** @param {Told} told @param {number} rate */
  #follow({ medium, after }, rate) {
    const wanted = this.lead.ended ? medium.currentTime : this.lead.currentTime - after;
    const waits = !this.lead.ended && (this.lead.readyState < HTMLMediaElement.HAVE_FUTURE_DATA || this.lead.seeking);
    if (waits || wanted < 0 || wanted >= lengthOf(medium)) return medium.pause();
    const drift = medium.currentTime - wanted;
    if (Math.abs(drift) > JUMP_SECONDS && !medium.seeking) medium.currentTime = wanted;
    medium.playbackRate = Math.abs(drift) > DRIFT_SECONDS && Math.abs(drift) <= JUMP_SECONDS ? rate * (1 - drift) : rate;
    if (medium.paused) this.#start(medium);
  }

  /** @param {HTMLMediaElement} medium */
  #start(medium) {
    medium.play().catch((error) => {
      if (error.name !== "AbortError") this.#stop();
    });
  }

  #show() {
    const [now, length] = [this.now, this.length];
    this.position.max = String(length);
    this.position.value = String(now);
    const words = `${clock(now)} of ${length ? clock(length) : "–"}`;
    this.position.setAttribute("aria-valuetext", words);
    setText(this.time, words);
    for (const medium of this.#media) if (!this.playing) medium.playbackRate = Number(this.speed.value);
    if (this.play.textContent !== (this.playing ? "Pause" : "Play")) this.play.replaceChildren(icon(this.playing ? "pause" : "play"), this.playing ? "Pause" : "Play");
  }

  /** @param {Source} source @returns {HTMLMediaElement} */
  #medium({ url, contentType }) {
    const isVideo = contentType.startsWith("video/");
    const medium = html(isVideo ? "video" : "audio", { src: url, preload: "auto", playsInline: isVideo, onclick: () => this.toggle() });
    medium.addEventListener("loadedmetadata", () => this.#show());
    medium.addEventListener("seeked", () => this.#show());
    medium.addEventListener("error", () => {
      if (!medium.hasAttribute("src")) return;
      this.#stop();
      setText(this.problem, GONE);
    });
    return medium;
  }

  /** Hear one side, or not. */
  #voices() {
    const voice = (/** @type {string} */ name, /** @type {HTMLMediaElement[]} */ media) => {
      const input = html("input", { type: "checkbox", checked: true, onchange: () => media.forEach((medium) => (medium.muted = !input.checked)) });
      return html("label", { class: "voice" }, input, name);
    };
    const told = this.told.map(({ medium }) => medium);
    return told.length ? [voice("Person", [this.lead]), voice("Avatar or agent", told)] : [];
  }

  /** @param {KeyboardEvent} event */
  #onKey = (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.ctrlKey || event.metaKey || event.altKey || target.matches("select")) return;
    const to = { ArrowLeft: this.now - STEP_SECONDS, ArrowRight: this.now + STEP_SECONDS, Home: 0, End: this.length }[event.key];
    if (to !== undefined) this.seek(to);
    else if (event.key === " " && !target.matches("button, input[type=checkbox]")) this.toggle();
    else return;
    event.preventDefault();
  };
}

/** A part that was cut off does not say how long it is. @param {HTMLMediaElement} medium */
function lengthOf({ duration: seconds, seekable }) {
  if (Number.isFinite(seconds)) return seconds;
  return seekable.length ? seekable.end(seekable.length - 1) : 0;
}

/** "0:04", "2:05". @param {number} seconds */
const clock = (seconds) => (seconds < 60 ? `0:${String(Math.floor(seconds)).padStart(2, "0")}` : duration(1000 * seconds));
