// @ts-check
/** Wires the page: state, server, devices, call and view. */

import { html } from "../shared/dom.js";
import { Answers } from "./answers.js";
import { AskedDevices } from "./asked_devices.js";
import { Checks } from "./checks.js";
import { DeviceError, openDevices } from "./devices.js";
import { Documents } from "./documents.js";
import { Embedding } from "./embed.js";
import { LostDevices } from "./lost_devices.js";
import { Media } from "./media.js";
import { firstState, refusal, rightToLeft, stageColour } from "./opening.js";
import { Call } from "./peer.js";
import { Server } from "./server.js";
import { Settings } from "./settings.js";
import { INITIAL, reduce, spokenLanguage } from "./state.js";
import { languageTag, suitableLanguage, useLanguage } from "./strings.js";
import { view } from "./view.js";

/** Where there is room for the transcript beside the picture; the style sheets say the same. */
const WIDE = "(min-width: 900px), (min-width: 640px) and (max-height: 640px)";

/** After a reconnect the server asks again for what it still wants; what it has not asked for by then is over. */
const ASK_AGAIN_MS = 3_000;

const ADDRESS = new URLSearchParams(location.search);

class Page {
  #state = INITIAL;
  #server = new Server(ADDRESS.get("cs") ?? "");
  #audio = html("audio", { autoplay: true });
  /** @type {any} answer of GET /client/session */
  #opening = null;
  #media = new Media({
    ended: (device) => this.#lost.ended(device),
    interrupted: (device) => this.#lost.interrupted(device, true),
    goesOn: (device) => this.#lost.interrupted(device, false),
  });
  #embedding = new Embedding({ close: () => this.#dispatch({ type: "askLeave" }), speak: (locale) => void this.#speak(locale) });
  /** @type {Call | null} */
  #call = null;
  #around = {
    state: () => this.#state,
    call: () => this.#call,
    dispatch: (/** @type {{type: string} & Record<string, any>} */ event) => this.#dispatch(event),
  };
  #asked = new AskedDevices(this.#media, this.#around);
  #answers = new Answers(this.#around);
  #lost = new LostDevices(this.#media, this.#around);
  #checks = new Checks(this.#around);
  #documents = new Documents(this.#media, this.#server, this.#around);
  #settings = new Settings({
    ...this.#around,
    media: this.#media,
    audio: this.#audio,
    server: this.#server,
    iceServers: () => this.#opening?.iceServers ?? [],
    refused: (error) => this.#refused(error),
  });
  #staleTimer = 0;
  /** By the person; empty = the server's choice for them. */
  #chosenLanguage = "";
  /** The first texts are there. */
  #ready = Promise.resolve();
  #render;

  constructor() {
    this.#render = view(document.body, this.#actions(), (nowMs) => this.#call?.mouthAt(nowMs) ?? null);
    document.body.append(this.#audio);
    this.#render(this.#state);
    this.#settings.begin();
    navigator.mediaDevices?.addEventListener?.("devicechange", () => {
      this.#lost.find();
      this.#settings.devicesChanged();
    });
    addEventListener("pageshow", ({ persisted }) => persisted && this.#comeBack());
    this.#ready = this.#speak(suitableLanguage(navigator.languages));
    void this.#load();
  }

  /** @returns {import("./panels.js").Actions} */
  #actions() {
    return {
      allow: () => void this.#openDevices(),
      typeOnly: () => this.#typeOnly(),
      start: () => this.#start(false),
      begin: () => this.#begin(),
      allowDevices: () => void this.#asked.open(),
      declineDevices: () => this.#asked.decline(),
      toggleMicrophone: () => this.#setMuted(this.#state.microphone === "live"),
      toggleCamera: () => this.#setCamera(this.#state.camera !== "on"),
      openCamera: () => void this.#lost.openCamera(),
      cancelCheck: () => this.#checks.cancel(),
      toggleSoundGuide: () => this.#checks.toggleSoundGuide(),
      allowFlash: () => this.#checks.allowFlash(),
      refuseFlash: () => this.#checks.refuseFlash(),
      flashPlayed: (startedMs) => this.#checks.flashPlayed(startedMs),
      documents: this.#documents,
      leave: () => void this.#leave(),
      retry: () => void this.#load(),
      playSound: () => void this.#audio.play().then(() => this.#dispatch({ type: "soundPlays" })),
      dispatch: (type) => this.#dispatch({ type }),
      chooseLanguage: (id) => {
        this.#chosenLanguage = id;
        void this.#speak(id);
      },
      level: () => (this.#state.microphone === "live" ? this.#media.level : 0),
      stream: () => this.#media.stream,
      askedBy: () => this.#embedding.askedBy,
      brand: () => this.#embedding.brand(),
      sessionLink: () => `${location.origin}/?cs=${encodeURIComponent(ADDRESS.get("cs") ?? "")}`,
      ...this.#answers.actions,
      ...this.#settings.actions,
      now: () => Date.now(),
    };
  }

  /** @param {{type: string} & Record<string, any>} event */
  #dispatch(event) {
    const before = this.#state;
    this.#state = reduce(before, event);
    if (this.#state !== before) {
      this.#render(this.#state);
      this.#checks.follow(this.#state);
      this.#documents.follow();
      this.#settings.follow(this.#state, before, event);
    }
    if (this.#state.screen !== before.screen && ["ended", "stopped"].includes(this.#state.screen)) this.#release();
    this.#embedding.follow(this.#state);
    this.#embedding.event(event, before);
  }

  /** Show the texts in a language. @param {string} id of `LANGUAGES` */
  async #speak(id) {
    if (!(await useLanguage(id))) return;
    document.documentElement.lang = languageTag();
    this.#dispatch({ type: "language", language: id });
  }

  /** Out of the browser's cache of pages, by its back button: what was known is old. In a call the call dials anew. */
  #comeBack() {
    if (!this.#call && this.#state.screen !== "ended") void this.#load();
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
    try {
      this.#opening = await this.#server.session();
    } catch (error) {
      await this.#ready;
      this.#refused(error);
      return;
    }
    const { session, pageLanguage = session.language } = this.#opening;
    await this.#embedding.allow(this.#opening.embedders);
    document.documentElement.dir = ADDRESS.get("dir") === "rtl" || rightToLeft(pageLanguage) ? "rtl" : "ltr"; // `?dir=rtl` tries it with any.
    await this.#speak(this.#chosenLanguage || this.#embedding.options.locale || suitableLanguage([pageLanguage]));
    document.body.style.setProperty("--stage-colour", stageColour(this.#opening));
    this.#dispatch({ type: "loaded", ...firstState(this.#opening, this.#state.language, matchMedia(WIDE).matches) });
    this.#embedding.shown(session.id, this.#state.language);
  }

  async #openDevices() {
    this.#settings.agree();
    this.#dispatch({ type: "asking" });
    try {
      const stream = await openDevices(this.#media.wished);
      this.#release();
      this.#media.take(stream);
      this.#dispatch({ type: "devices", microphone: true, camera: this.#media.holds("camera") });
    } catch (error) {
      this.#dispatch({ type: "deviceProblem", problem: error instanceof DeviceError ? error.problem : "failed" });
    }
  }

  #typeOnly() {
    this.#settings.agree();
    this.#release();
    this.#dispatch({ type: "withoutMicrophone" });
    this.#start(false);
  }

  /** Into the call at once: the flow itself asks for the devices. */
  #begin() {
    this.#settings.agree();
    this.#dispatch({ type: "withoutDevices" });
    this.#start(true);
  }

  /** @param {boolean} devicesLater */
  #start(devicesLater) {
    this.#call = new Call({
      server: this.#server,
      iceServers: this.#opening.iceServers,
      audio: this.#audio,
      language: spokenLanguage(this.#state),
      dispatch: (event) => this.#receive(event),
      refused: (error) => this.#refused(error),
    });
    // The press that brought us here allows sound; ask for it now, before the track is there.
    this.#audio.muted = false;
    this.#call.start(this.#media.stream, devicesLater);
    if (this.#state.camera === "off") this.#call.setCamera(false);
  }

  /** @param {{type: string} & Record<string, any>} event of the call */
  #receive(event) {
    if ([this.#checks, this.#documents, this.#answers].some((part) => part.receive(event))) return;
    switch (event.type) {
      case "state":
        this.#dispatch({ ...event, at: Date.now() });
        return;
      case "askPermissions":
        void this.#asked.want(event.requestId, event.camera, event.microphone);
        return;
      case "hello":
        clearTimeout(this.#staleTimer);
        this.#staleTimer = setTimeout(() => this.#dispatch({ type: "staleRequests" }), ASK_AGAIN_MS);
    }
    this.#dispatch(event);
  }

  /** @param {boolean} muted */
  #setMuted(muted) {
    this.#call?.setMuted(muted);
    this.#dispatch({ type: "microphone", muted });
  }

  /** @param {boolean} on */
  #setCamera(on) {
    for (const track of this.#media.stream?.getVideoTracks() ?? []) track.enabled = on;
    this.#call?.setCamera(on);
    this.#dispatch({ type: "camera", on });
  }

  async #leave() {
    // The page says goodbye at once; the server ends an unanswered session by itself after its grace period.
    const begun = this.#call !== null;
    void (this.#call?.leave() ?? this.#server.leave(null)).catch(() => {});
    this.#dispatch({ type: "finished", status: "incomplete", reason: begun ? "cancelled" : "declined" });
  }

  /** @param {unknown} error */
  #refused(error) {
    this.#dispatch(refusal(error, Date.now()));
  }

  /** Lights off: microphone, camera, meter and call. */
  #release() {
    this.#call?.close();
    this.#call = null;
    this.#media.release();
    this.#documents.release();
    this.#audio.srcObject = null;
  }
}

new Page();
