// @ts-check
/** The agent's microphone: how loud it is, and what can be done when there is none. */

import { html, setText } from "../../shared/dom.js";
import { button, select } from "../parts.js";

/**
 * Stands there while an agent holds the session and nobody hears them.
 * @param {{use: (deviceId: string) => void, handBack: () => void}} does
 */
export function noMicrophone({ use, handBack }) {
  const choice = select({});
  choice.setAttribute("aria-label", "Microphone");
  const take = button("Use it", { onclick: () => use(choice.value) });
  const told = html("div");
  const element = html("div", { class: "on-air silent", hidden: true }, told, html("div", { class: "act-row" }, choice, take, button("Hand back", { onclick: handBack })));

  async function list() {
    const devices = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
    const found = devices.filter(({ kind, deviceId }) => kind === "audioinput" && deviceId);
    choice.replaceChildren(...found.map(({ deviceId, label }, index) => html("option", { value: deviceId }, label || `Microphone ${index + 1}`)));
    choice.hidden = found.length === 0;
    setText(take, found.length ? "Use it" : "Look again");
  }
  navigator.mediaDevices?.addEventListener("devicechange", list);

  return {
    element,
    /** @param {string} reason */
    show(reason) {
      if (!element.hidden) return;
      element.hidden = false;
      told.replaceChildren(html("p", { role: "alert" }, html("strong", {}, "The person does not hear you. "), reason));
      void list();
    },
    hide() {
      element.hidden = true;
      told.replaceChildren();
    },
    close: () => navigator.mediaDevices?.removeEventListener("devicechange", list),
  };
}

/** Shows how loud a microphone is. */
export class LevelMeter {
  /** @type {AudioContext | null} */
  #context = null;
  #timer = 0;

  /** @param {HTMLMeterElement} shown */
  constructor(shown) {
    this.shown = shown;
  }

  /** @param {MediaStream} stream */
  follow(stream) {
    this.stop();
    const context = new AudioContext();
    this.#context = context;
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.#timer = window.setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      this.shown.value = Math.min(1, 4 * Math.sqrt(samples.reduce((sum, each) => sum + each * each, 0) / samples.length));
    }, 100);
  }

  stop() {
    clearInterval(this.#timer);
    void this.#context?.close();
    this.#context = null;
    this.shown.value = 0;
  }
}
