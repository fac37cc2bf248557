// @ts-check
/**
 * The page's half of the embedding protocol (`docs/embedding.md`): what the embedding page may ask for, and what it is told.
 * Only the window around this one is heard, and only from an origin that the session's API key allows.
 */

import { html } from "../shared/dom.js";
import { findings, isDevelopersTask } from "./embed_checks.js";
import { applyLook } from "./embed_look.js";
import { isRecord, readOptions } from "./embed_options.js";
import { hostOf } from "./opening.js";
import { doing } from "./state.js";
import { useWords } from "./strings.js";

/** @typedef {import("./types.js").State} State */

const VERSION = 1;

/** In the address of the frame: a `hello` is on its way, and the page waits for it before it shows its first words. */
const ANNOUNCED = "#visavis";
const HELLO_WAIT_MS = 2_000;

/** What the parent may hear while it is not known whether its origin is allowed: nothing but how the session ended. */
const HARMLESS = new Set(["error", "finished"]);

/** Stops of the page that trying again may mend. */
const PASSING = new Set(["busy", "unreachable", "connection_lost", "replaced", "problem"]);

const NO_OPTIONS = Object.freeze(readOptions({}).options);

export class Embedding {
  options = NO_OPTIONS;
  #parent = window.parent === window ? null : window.parent;
  #actions;
  /** @type {readonly string[] | null} origins that may embed; null = not known yet */
  #embedders = null;
  /** @type {{origin: string, options: unknown} | null} the newest one, allowed or not */
  #hello = null;
  /** The embedding origin once it is known and allowed. */
  #origin = "";
  /** @type {{sessionId: string, locale: string} | null} the welcome is on the screen */
  #shown = null;
  /** @type {string[]} */
  #refused = [];
  /** @type {Map<string, Record<string, unknown>>} what is so now, by type */
  #present = new Map();
  /** @type {Map<string, string>} what the embedder was told of it last, as JSON */
  #told = new Map();
  #answered = () => {};
  #closeAsked = false;
  #logo = html("img", { class: "brand", alt: "", hidden: true });

  /**
   * @param {object} actions
   * @param {() => void} actions.close the embedding page wants to close: ask the person
   * @param {(locale: string) => void} actions.speak the embedding page wants another language than at first
   */
  constructor(actions) {
    this.#actions = actions;
    if (!this.#parent) return;
    addEventListener("message", (event) => this.receive(event));
    addEventListener("resize", () => this.#tellSize());
  }

  /** Host of the page that embeds this one or linked to it; empty when unknown. @returns {string} */
  get askedBy() {
    return hostOf(this.#origin || document.referrer);
  }

  /** The embedder's logo, hidden until there is one. */
  brand() {
    return this.#logo;
  }

  /**
   * The origins that may embed are known. Waits, when the address announces a `hello`, until its wishes are there.
   * @param {readonly string[]} [embedders] `["*"]` = any
   */
  async allow(embedders = ["*"]) {
    this.#embedders = embedders;
    this.#consider();
    if (this.#parent && !this.#origin && location.hash === ANNOUNCED) {
      await new Promise((resolve) => {
        this.#answered = () => resolve(null);
        setTimeout(resolve, HELLO_WAIT_MS);
      });
    }
    if (!this.#origin) for (const { code, fix } of findings()) if (isDevelopersTask(code)) console.error(`Visavis: ${code}. ${fix}`);
  }

  /** The first words stand on the screen. @param {string} sessionId @param {string} locale of the texts */
  shown(sessionId, locale) {
    this.#shown = { sessionId, locale };
    this.#tellReady();
  }

  /** @param {State} state */
  follow(state) {
    this.#tellChange("permission", { microphone: leave(state, "microphone"), camera: leave(state, "camera") });
    this.#tellChange("state", { state: place(state) });
    const code = state.screen === "stopped" ? (state.stop?.code ?? "problem") : state.deviceProblem ? `device_${state.deviceProblem}` : "";
    if (code) this.#tellChange("error", { code, recoverable: state.screen !== "stopped" || PASSING.has(code) });
    else this.#forget("error");
    requestAnimationFrame(() => this.#tellSize());
  }

  /** Something happened in the call, or the person pressed something. @param {{type: string} & Record<string, any>} event @param {State} state before it */
  event(event, state) {
    switch (event.type) {
      case "node":
        return this.#tell("node", { nodeId: event.nodeId, nodeType: event.nodeType });
      case "caption":
        return this.options.captions ? this.#tell("caption", { speaker: event.speaker, text: event.text, final: event.final }) : undefined;
      case "stay":
        this.#closeAsked = false;
        return undefined;
      case "askLeave":
        return isGoing(state) ? undefined : this.#tell("close");
      case "finished":
        return this.#finished(state.session?.id ?? "", event.status);
    }
  }

  /**
   * Beside the message of the protocol the parent gets a JSON string, as integrations of this kind of page expect it. It
   * names no person and no result, so it may go to any embedder.
   * @param {string} sessionId
   * @param {string} status
   */
  #finished(sessionId, status) {
    this.#parent?.postMessage(JSON.stringify({ message: "SESSION_FINISHED", sessionId, status }), "*");
    this.#tellChange("finished", { sessionId, status });
    if (this.#closeAsked) this.#tell("close");
  }

  /** @param {MessageEvent} event */
  receive({ source, origin, data }) {
    const isOurs = source === this.#parent && isRecord(data) && data.visavis === VERSION;
    const isAllowed = !this.#embedders || isIn(this.#embedders, origin);
    if (isOurs && isAllowed && origin !== "null" && data.type === "hello") {
      this.#hello = { origin, options: data.options };
      this.#consider();
    } else if (isOurs && data.type === "close" && origin === this.#origin) this.#closeWanted();
    else if (isRecord(data) && "visavis" in data) countIgnored();
  }

  /** Believe the newest `hello`, if its origin is allowed. */
  #consider() {
    if (!this.#hello) return;
    if (!this.#embedders) return void this.#repeat();
    const { origin, options: wishes } = this.#hello;
    if (!isIn(this.#embedders, origin)) {
      this.#hello = null;
      return countIgnored();
    }
    this.#origin = origin;
    this.#apply(wishes);
    this.#tellReady();
    this.#answered();
  }

  /** @param {unknown} wishes */
  #apply(wishes) {
    const { options, refused } = readOptions(wishes);
    if (this.#shown) {
      const { locale, strings } = this.options;
      if (options.locale && options.locale !== locale) this.#actions.speak(options.locale);
      if (JSON.stringify(options.strings) !== JSON.stringify(strings)) refused.push("strings: too late, the page is on the screen");
      options.strings = strings;
    }
    this.options = options;
    useWords(options.strings);
    this.#logo.hidden = options.logo === "";
    if (options.logo) Object.assign(this.#logo, { src: options.logo, alt: this.askedBy });
    this.#refused = [...refused, ...applyLook(options)];
  }

  #closeWanted() {
    this.#closeAsked = true;
    this.#told.delete("state"); // The answer comes even when the question is open already.
    this.#actions.close();
  }

  #tellReady() {
    if (!this.#shown) return;
    this.#tell("ready", { ...this.#shown, refused: this.#refused });
    for (const finding of findings()) this.#tell("error", { ...finding });
    this.#repeat();
  }

  /** All that is so now, once more, for who has just come. */
  #repeat() {
    this.#told.clear();
    for (const [type, fields] of this.#present) this.#tellChange(type, fields);
  }

  #tellSize() {
    const panel = document.querySelector(".panel");
    const hidden = panel ? Math.max(0, panel.scrollHeight - panel.clientHeight) : 0;
    this.#tellChange("resize", { width: window.innerWidth, height: window.innerHeight + hidden });
  }

  /** @param {string} type @param {Record<string, unknown>} fields */
  #tellChange(type, fields) {
    this.#present.set(type, fields);
    const words = JSON.stringify(fields);
    if (this.#told.get(type) !== words && this.#tell(type, fields)) this.#told.set(type, words);
  }

  /** @param {string} type */
  #forget(type) {
    this.#present.delete(type);
    this.#told.delete(type);
  }

  /**
   * @param {string} type
   * @param {Record<string, unknown>} [fields]
   * @returns {boolean} whether there was somebody to tell
   */
  #tell(type, fields = {}) {
    const known = this.#shown ? this.#origin : "";
    const origin = known || (HARMLESS.has(type) && !this.#embedders ? this.#hello?.origin : "");
    if (!this.#parent || !origin) return false;
    this.#parent.postMessage({ visavis: VERSION, type, ...fields }, origin);
    return true;
  }
}

/** @param {readonly string[]} embedders sources as `frame-ancestors` has them @param {string} origin */
const isIn = (embedders, origin) => embedders.some((source) => source === "*" || source === origin || isBelow(source, origin));

/**
 * A source with a star for the hosts below a domain, or for any port (CSP level 3, §6.7.2.8 and 6.7.2.10).
 * @param {string} source such as `https://*.example.org`
 * @param {string} origin
 */
function isBelow(source, origin) {
  const [, scheme, host, port = ""] = /^(https?):\/\/(\*\.[^:]+|[^:*]+)(:\*|:\d+)?$/.exec(source) ?? [];
  if (!scheme || !URL.canParse(origin)) return false;
  const url = new URL(origin);
  const hostFits = host.startsWith("*.") ? url.hostname.endsWith(host.slice(1)) : url.hostname === host;
  return url.protocol === `${scheme}:` && hostFits && (port === ":*" || port.slice(1) === url.port);
}

/** @param {State} state */
const isGoing = ({ screen }) => screen === "call" || screen === "connecting";

/** Where the person is. @param {State} state */
const place = (state) => (state.leaveAsked ? "leaving" : state.screen === "call" ? doing(state) : state.screen);

/**
 * Whether the page may use a device.
 * @param {State} state
 * @param {"microphone" | "camera"} device
 * @returns {"granted" | "denied" | "absent" | "prompt"} "prompt": not asked for yet
 */
function leave(state, device) {
  const { [device]: held, deviceProblem } = state;
  const isCovered = device === "camera" && held === "off" && state.microphone !== "off"; // Both are "off" before anything was asked.
  if (isCovered || ["live", "muted", "on"].includes(held)) return "granted";
  if (deviceProblem) return ["denied", "embed_denied", "insecure"].includes(deviceProblem) ? "denied" : "absent";
  return held === "off" ? "prompt" : "absent";
}

/** For who looks for the reason why nothing happens. */
function countIgnored() {
  const { dataset } = document.documentElement;
  dataset.ignoredMessages = String(Number(dataset.ignoredMessages ?? 0) + 1);
}
