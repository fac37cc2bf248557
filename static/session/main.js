// @ts-check
/** Wires the page: state, server and view, and the parts that are loaded later. */

import { html } from "../shared/dom.js";
import { keptComfort, useComfort } from "./comfort.js";
import { loadBeforeCall, loadEmbedding, loadInCall, once, whenIdle } from "./later.js";
import { recall, remember } from "./memory.js";
import { firstState, hostOf, refusal, rightToLeft, stageColour } from "./opening.js";
import { Server } from "./server.js";
import { HANDLERS, INITIAL, reducer } from "./state.js";
import { languageTag, suitableLanguage, useLanguage } from "./strings.js";
import { view } from "./view.js";

/** @typedef {import("./types.js").Part} Part */

/** Where there is room for the transcript beside the picture; the style sheets say the same. */
const WIDE = "(min-width: 900px), (min-width: 640px) and (max-height: 640px)";

const ADDRESS = new URLSearchParams(location.search);

class Page {
  #state = INITIAL;
  #handlers = HANDLERS;
  #server = new Server(ADDRESS.get("cs") ?? "");
  #audio = html("audio", { autoplay: true });
  /** @type {any} answer of GET /client/session */
  #opening = null;
  /** @type {import("./types.js").PageSurroundings} */
  #around = {
    state: () => this.#state,
    call: () => this.#inCall?.call ?? null,
    dispatch: (event) => this.#dispatch(event),
    server: this.#server,
    audio: this.#audio,
    iceServers: () => this.#opening?.iceServers ?? [],
    refused: (error) => this.#refused(error),
  };
  /** Those that are there. @type {Part[]} */
  #parts = [];
  /** @type {import("./in_call.js").InCall | null} */
  #inCall = null;
  #beforeCallPart = once(async () => {
    const { BeforeCall } = await loadBeforeCall();
    return this.#take(new BeforeCall(this.#around));
  });
  #inCallPart = once(async () => {
    const [beforeCall, { InCall }] = await Promise.all([this.#beforeCallPart(), loadInCall()]);
    return (this.#inCall = this.#take(new InCall(this.#around, beforeCall)));
  });
  /** @type {import("./embed.js").Embedding | null} only where another page is around this one */
  #embedding = null;
  #embeddingPart = once(async () => {
    const { Embedding } = await loadEmbedding();
    this.#embedding = new Embedding({ close: () => this.#dispatch({ type: "askLeave" }), speak: (locale) => void this.#speak(locale) });
    this.#earlyMessages.splice(0).forEach((event) => this.#embedding?.receive(event));
    removeEventListener("message", this.#keepMessage);
    this.#embedding.follow(this.#state);
  });
  /** Messages of the page around this one that come before there is somebody to read them. @type {MessageEvent[]} */
  #earlyMessages = [];
  #keepMessage = (/** @type {MessageEvent} */ event) => void this.#earlyMessages.push(event);
  /** A part could not be loaded. A browser may not ask for it again before the page is reloaded. */
  #isBroken = false;
  /** By the person; empty = the server's choice for them. */
  #chosenLanguage = "";
  /** The first texts are there. */
  #ready = Promise.resolve();
  #actions = this.#firstActions();
  #view;

  constructor() {
    if (window.parent !== window) addEventListener("message", this.#keepMessage);
    this.#view = view(document.body, this.#actions, (nowMs) => this.#inCall?.call?.mouthAt(nowMs) ?? null);
    document.body.append(this.#audio);
    this.#view.show(this.#state);
    this.#dispatch({ type: "comfort", change: keptComfort() });
    addEventListener("pageshow", ({ persisted }) => persisted && this.#comeBack());
    this.#ready = this.#speak(suitableLanguage(navigator.languages));
    void this.#load();
  }

  /** What the person can do from the first moment on; the parts add theirs. @returns {import("./types.js").Actions} */
  #firstActions() {
    const actions = {
      allow: () => void this.#allow(),
      typeOnly: () => void this.#intoTheCall((part) => part.startTyping()),
      start: () => void this.#intoTheCall((part) => part.start(false)),
      begin: () => void this.#intoTheCall((part) => part.startWithoutDevices()),
      leave: () => void this.#leave(),
      escape: () => this.#inCall?.actions.cancelCheck() || this.#dispatch({ type: "askLeave" }),
      retry: () => void this.#load(),
      dispatch: (/** @type {string} */ type) => this.#dispatch({ type }),
      chooseLanguage: (/** @type {string} */ id) => {
        this.#chosenLanguage = id;
        void this.#speak(id);
      },
      comfort: (/** @type {Partial<import("./types.js").Comfort>} */ change) => this.#dispatch({ type: "comfort", change }),
      chooseRecording: (/** @type {boolean} */ agreed) => {
        remember("recording", { [this.#state.session?.id ?? ""]: agreed });
        this.#dispatch({ type: "recordingChoice", agreed });
      },
      openHandoff: () => void this.#with(this.#beforeCallPart, (part) => part.openHandoff()),
      askedBy: () => this.#embedding?.askedBy ?? hostOf(document.referrer),
      brand: () => this.#embedding?.brand() ?? null,
      sessionLink: () => `${location.origin}/?cs=${encodeURIComponent(ADDRESS.get("cs") ?? "")}`,
      now: () => Date.now(),
    };
    return /** @type {import("./types.js").Actions} */ (actions); // The rest comes with what needs it.
  }

  /** @template {Part} Kind @param {Kind} part @returns {Kind} */
  #take(part) {
    this.#parts.push(part);
    this.#handlers = { ...this.#handlers, ...part.handlers };
    Object.assign(this.#actions, part.actions);
    this.#view.add(part.view);
    this.#view.show(this.#state);
    return part;
  }

  /**
   * Go on with a part that may be on its way still.
   * @template Kind
   * @param {() => Promise<Kind>} load
   * @param {(part: Kind) => unknown} use
   */
  async #with(load, use) {
    let part;
    try {
      part = await load();
    } catch {
      this.#isBroken = true;
      this.#dispatch({ type: "stopped", code: "unreachable" });
      return;
    }
    await use(part);
  }

  /** What will be needed soon, once the welcome is on the screen; whoever presses a button before that has it loaded at once. */
  async #lookAhead() {
    try {
      await this.#beforeCallPart();
      await this.#inCallPart();
      await this.#view.avatar.live();
    } catch {
      // It is tried again when it is needed, and then the person is told.
    }
  }

  /** @param {{type: string} & Record<string, any>} event */
  #dispatch(event) {
    const before = this.#state;
    this.#state = reducer(this.#handlers)(before, event);
    if (this.#state !== before) {
      this.#view.show(this.#state);
      if (this.#state.comfort !== before.comfort) useComfort(this.#state.comfort);
      for (const part of this.#parts) part.follow(this.#state, before, event);
    }
    if (this.#state.screen !== before.screen && ["ended", "stopped"].includes(this.#state.screen)) this.#release();
    this.#embedding?.follow(this.#state);
    this.#embedding?.event(event, before);
  }

  /** Show the texts in a language. @param {string} id of `LANGUAGES` */
  async #speak(id) {
    if (!(await useLanguage(id))) return;
    document.documentElement.lang = languageTag();
    this.#dispatch({ type: "language", language: id });
  }

  /** Out of the browser's cache of pages, by its back button: what was known is old. In a call the call dials anew. */
  #comeBack() {
    if (!this.#inCall?.call && this.#state.screen !== "ended") void this.#load();
  }

  async #load() {
    if (!ADDRESS.get("cs")) {
      this.#dispatch({ type: "stopped", code: "link_missing" });
      return;
    }
    if (!("RTCPeerConnection" in window)) {
      this.#dispatch({ type: "stopped", code: "unsupported" });
      return;
    }
    const wasBroken = this.#isBroken;
    const embedded = window.parent === window ? Promise.resolve() : this.#with(this.#embeddingPart, () => {});
    try {
      this.#opening = await this.#server.session();
    } catch (error) {
      await this.#ready;
      this.#refused(error);
      return;
    }
    if (wasBroken) {
      location.reload();
      return;
    }
    await embedded;
    if (!this.#isBroken) await this.#welcome();
  }

  async #welcome() {
    const { session, pageLanguage = session.language, embedders } = this.#opening;
    await this.#embedding?.allow(embedders);
    document.documentElement.dir = ADDRESS.get("dir") === "rtl" || rightToLeft(pageLanguage) ? "rtl" : "ltr"; // `?dir=rtl` tries it with any.
    await this.#speak(this.#chosenLanguage || this.#embedding?.options.locale || suitableLanguage([pageLanguage]));
    document.body.style.setProperty("--stage-colour", stageColour(this.#opening));
    const recordingAgreed = recall("recording")[session.id] === true; // Of this session alone: the next one in this tab asks anew.
    this.#dispatch({ type: "loaded", ...firstState(this.#opening, this.#state.language, matchMedia(WIDE).matches), recordingAgreed });
    this.#embedding?.shown(session.id, this.#state.language);
    requestAnimationFrame(() => whenIdle(() => void this.#lookAhead()));
  }

  async #allow() {
    this.#dispatch({ type: "asking" });
    await this.#with(this.#beforeCallPart, (part) => part.open());
  }

  /** @param {(part: import("./in_call.js").InCall) => void} start */
  async #intoTheCall(start) {
    if (!this.#inCall) this.#dispatch({ type: "fetching" });
    await this.#with(this.#inCallPart, start);
  }

  async #leave() {
    // The page says goodbye at once; the server ends an unanswered session by itself after its grace period.
    const call = this.#inCall?.call;
    void (call?.leave() ?? this.#server.leave(null)).catch(() => {});
    this.#dispatch({ type: "finished", status: "incomplete", reason: call ? "cancelled" : "declined" });
  }

  /** @param {unknown} error */
  #refused(error) {
    this.#dispatch(refusal(error, Date.now()));
  }

  /** Lights off: microphone, camera, meter and call. */
  #release() {
    for (const part of this.#parts) part.release();
  }
}

new Page();
