// @ts-check
/** Wires the page: state, server, devices, call and view. */

import { html } from "../shared/dom.js";
import { DeviceError, LevelMeter, openDevices } from "./devices.js";
import { askedBy, tellFinished } from "./embed.js";
import { Call } from "./peer.js";
import { Server, ServerError } from "./server.js";
import { INITIAL, reduce } from "./state.js";
import { view } from "./view.js";

/** Wait before trying a busy server again when it names none. */
const USUAL_RETRY_SECONDS = 10;

/** Where there is room for the transcript beside the picture; the style sheets say the same. */
const WIDE = "(min-width: 900px), (min-width: 640px) and (max-height: 640px)";

const RIGHT_TO_LEFT = new Set(["ar", "dv", "fa", "he", "ku", "ps", "ur", "yi"]);

class Page {
  #state = INITIAL;
  #server = new Server(new URLSearchParams(location.search).get("cs") ?? "");
  #audio = html("audio", { autoplay: true });
  /** @type {any} answer of GET /client/session */
  #opening = null;
  /** @type {MediaStream | null} */
  #stream = null;
  /** @type {LevelMeter | null} */
  #meter = null;
  /** @type {Call | null} */
  #call = null;
  #render;

  constructor() {
    this.#render = view(document.body, this.#actions(), (nowMs) => this.#call?.mouthAt(nowMs) ?? null);
    document.body.append(this.#audio);
    this.#render(this.#state);
    navigator.mediaDevices?.addEventListener?.("devicechange", () => void this.#findMicrophone());
    void this.#load();
  }

  /** @returns {import("./panels.js").Actions} */
  #actions() {
    return {
      allow: () => void this.#openDevices(),
      typeOnly: () => this.#start(null),
      start: () => this.#start(this.#stream),
      toggleMicrophone: () => this.#setMuted(this.#state.microphone === "live"),
      toggleCamera: () => this.#setCamera(this.#state.camera !== "on"),
      leave: () => void this.#leave(),
      retry: () => void this.#load(),
      playSound: () => void this.#audio.play().then(() => this.#dispatch({ type: "soundPlays" })),
      sendText: (text) => this.#sendText(text),
      dispatch: (type) => this.#dispatch({ type }),
      level: () => (this.#state.microphone === "live" ? (this.#meter?.level ?? 0) : 0),
      stream: () => this.#stream,
      askedBy,
      now: () => Date.now(),
    };
  }

  /** @param {{type: string} & Record<string, any>} event */
  #dispatch(event) {
    const before = this.#state;
    this.#state = reduce(before, event);
    if (this.#state !== before) this.#render(this.#state);
    if (this.#state.screen !== before.screen && ["ended", "stopped"].includes(this.#state.screen)) this.#release();
    if (event.type === "finished") tellFinished(this.#state.session?.id ?? "", event.status);
  }

  async #load() {
    if (!new URLSearchParams(location.search).get("cs")) {
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
      this.#refused(error);
      return;
    }
    const { session, avatar, customization, captions } = this.#opening;
    document.documentElement.lang = session.language;
    document.documentElement.dir = RIGHT_TO_LEFT.has(session.language.split("-")[0]) ? "rtl" : "ltr";
    document.title = `Conversation with ${avatar.name}`;
    const welcome = customization?.permissionsPage ?? {};
    if (welcome.backgroundType === "COLOR") document.body.style.setProperty("--stage-colour", String(welcome.backgroundColor));
    const rejoining = session.status === "inProgress";
    this.#dispatch({ type: "loaded", session, avatar, welcome, captions, rejoining, wide: matchMedia(WIDE).matches });
  }

  async #openDevices() {
    this.#dispatch({ type: "asking" });
    try {
      const stream = await openDevices();
      this.#release();
      this.#watch(stream);
      this.#meter = new LevelMeter(stream);
      this.#dispatch({ type: "devices", microphone: true, camera: stream.getVideoTracks().length > 0 });
    } catch (error) {
      this.#dispatch({ type: "deviceProblem", problem: error instanceof DeviceError ? error.problem : "failed" });
    }
  }

  /** @param {MediaStream} stream */
  #watch(stream) {
    this.#stream = stream;
    for (const track of stream.getAudioTracks()) track.onended = () => void this.#microphoneEnded();
  }

  /** @param {MediaStream | null} stream null: by typing */
  #start(stream) {
    if (!stream) {
      this.#release();
      this.#dispatch({ type: "withoutMicrophone" });
    }
    this.#call = new Call({
      server: this.#server,
      iceServers: this.#opening.iceServers,
      audio: this.#audio,
      dispatch: (event) => this.#dispatch(event),
      refused: (error) => this.#refused(error),
    });
    // The press that brought us here allows sound; ask for it now, before the track is there.
    this.#audio.muted = false;
    this.#call.start(stream);
    if (stream && this.#state.camera === "off") this.#call.setCamera(false);
  }

  /** @param {boolean} muted */
  #setMuted(muted) {
    this.#call?.setMuted(muted);
    this.#dispatch({ type: "microphone", muted });
  }

  /** @param {boolean} on */
  #setCamera(on) {
    for (const track of this.#stream?.getVideoTracks() ?? []) track.enabled = on;
    this.#dispatch({ type: "camera", on });
  }

  /** @param {string} text */
  #sendText(text) {
    const sent = this.#call?.sendText(text) ?? false;
    if (sent) this.#dispatch({ type: "typed" });
    return sent;
  }

  async #leave() {
    // The page says goodbye at once; the server ends an unanswered session by itself after its grace period.
    void this.#call?.leave().catch(() => {});
    this.#dispatch({ type: "finished", status: "incomplete", reason: "cancelled" });
  }

  async #microphoneEnded() {
    await this.#call?.replaceMicrophone(null);
    this.#dispatch({ type: "microphoneLost" });
  }

  /** A device came or went: take a microphone again if ours was lost. */
  async #findMicrophone() {
    if (this.#state.screen !== "call" || this.#state.notice !== "microphone_lost") return;
    try {
      const found = await navigator.mediaDevices.getUserMedia({ audio: true });
      const [track] = found.getAudioTracks();
      await this.#call?.replaceMicrophone(track);
      track.onended = () => void this.#microphoneEnded();
      this.#meter?.close();
      this.#meter = new LevelMeter(found);
      this.#dispatch({ type: "microphoneBack" });
    } catch {
      // Still none: the notice stays.
    }
  }

  /** @param {unknown} error */
  #refused(error) {
    const code = error instanceof ServerError ? error.code : "problem";
    if (code === "session_finished" && error instanceof ServerError) {
      const status = error.details.status === "complete" ? "complete" : "incomplete";
      this.#dispatch({ type: "finished", status, reason: error.details.reason ?? "" });
      return;
    }
    const seconds = error instanceof ServerError ? error.retryAfter || USUAL_RETRY_SECONDS : 0;
    this.#dispatch({ type: "stopped", code, retryAt: code === "busy" ? Date.now() + seconds * 1000 : null });
  }

  /** Lights off: microphone, camera, meter and call. */
  #release() {
    this.#call?.close();
    this.#call = null;
    this.#meter?.close();
    this.#meter = null;
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#stream = null;
    this.#audio.srcObject = null;
  }
}

new Page();
