// @ts-check
/** The part of the page for the call: the call itself, what is asked for during it, and the settings. Loaded after the welcome. */

import { Answers } from "./answers.js";
import { AskedDevices } from "./asked_devices.js";
import { callPicture } from "./call_picture.js";
import { CALL_HANDLERS } from "./call_state.js";
import { openCheck } from "./check_state.js";
import { Checks } from "./checks.js";
import { connectingPanel } from "./connecting.js";
import { conversationPanel } from "./conversation.js";
import { openScan } from "./document_state.js";
import { Documents } from "./documents.js";
import { flashDialog } from "./flash_dialog.js";
import { hasSamePace, tellPace } from "./pace.js";
import { Call } from "./peer.js";
import { Recording } from "./recording.js";
import { recordingDialog } from "./recording_view.js";
import { settingsDialog } from "./settings_dialog.js";
import { isAsked, spokenLanguage } from "./state.js";

/** @typedef {import("./types.js").State} State */

/** After a reconnect the server asks again for what it still wants; what it has not asked for by then is over. */
const ASK_AGAIN_MS = 3_000;

/** @type {import("./types.js").Addition} */
const VIEW = {
  panels: { connecting: connectingPanel, call: conversationPanel },
  dialogs: (actions) => [flashDialog(actions), settingsDialog(actions), recordingDialog(actions)],
  picture(app, stage, actions, gone) {
    const show = callPicture(stage, actions, gone);
    return (state) => {
      app.dataset.transcript = state.transcript ? "open" : "closed";
      app.dataset.asked = isAsked(state) ? "yes" : "no";
      app.dataset.check = openCheck(state) ? "open" : "none";
      app.dataset.scan = openScan(state) ? "open" : "none";
      show(state);
    };
  },
};

export class InCall {
  handlers = CALL_HANDLERS;
  view = VIEW;
  /** @type {Call | null} */
  call = null;
  #around;
  #beforeCall;
  #asked;
  #answers;
  #checks;
  #documents;
  #recording;
  #staleTimer = 0;

  /**
   * @param {import("./types.js").PageSurroundings} around
   * @param {import("./before_call.js").BeforeCall} beforeCall
   */
  constructor(around, beforeCall) {
    const { media } = beforeCall;
    this.#around = around;
    this.#beforeCall = beforeCall;
    this.#asked = new AskedDevices(media, around);
    this.#answers = new Answers(around);
    this.#checks = new Checks(around);
    this.#documents = new Documents(media, around.server, around);
    this.#recording = new Recording(around);
  }

  /** A part of the actions of the page. */
  get actions() {
    return {
      allowDevices: () => void this.#asked.open(),
      declineDevices: () => this.#asked.decline(),
      cancelCheck: () => this.#checks.cancel(),
      toggleSoundGuide: () => this.#checks.toggleSoundGuide(),
      allowFlash: () => this.#checks.allowFlash(),
      refuseFlash: () => this.#checks.refuseFlash(),
      flashPlayed: (/** @type {number | null} */ startedMs) => this.#checks.flashPlayed(startedMs),
      documents: this.#documents,
      playSound: () => void this.#around.audio.play().then(() => this.#around.dispatch({ type: "soundPlays" })),
      stopRecording: () => this.#recording.stop(),
      ...this.#answers.actions,
    };
  }

  /** @param {boolean} devicesLater the flow asks for the devices itself */
  start(devicesLater) {
    const { server, audio, iceServers, state, refused } = this.#around;
    this.#beforeCall.agree();
    this.call = new Call({ server, iceServers: iceServers(), audio, language: spokenLanguage(state()), dispatch: (event) => this.#receive(event), refused });
    // The press that brought us here allows sound; ask for it now, before the track is there.
    audio.muted = false;
    this.call.start(this.#beforeCall.media.stream, devicesLater);
    if (state().camera === "off") this.call.setCamera(false);
  }

  /** The person has no microphone, or would rather type. */
  startTyping() {
    this.#beforeCall.media.release();
    this.#around.dispatch({ type: "withoutMicrophone" });
    this.start(false);
  }

  /** The flow itself asks for the devices. */
  startWithoutDevices() {
    this.#around.dispatch({ type: "withoutDevices" });
    this.start(true);
  }

  /**
   * @param {State} state
   * @param {State} before
   * @param {{type: string}} event what made the one of the other
   */
  follow(state, before, event) {
    const { comfort } = state;
    this.#checks.follow(state);
    this.#documents.follow();
    this.#recording.follow(state, event);
    if (!hasSamePace(comfort, before.comfort) || (event.type === "hello" && !hasSamePace(comfort))) tellPace(this.call, comfort);
    if (openCheck(state) && !openCheck(before)) {
      // They would hide what to do.
      if (state.settingsOpen) this.#around.dispatch({ type: "closeSettings" });
      if (state.recordingAsked) this.#around.dispatch({ type: "keepRecording" });
    }
  }

  /** The call is over, for this page. */
  release() {
    this.call?.close();
    this.call = null;
    this.#documents.release();
    this.#around.audio.srcObject = null;
  }

  /** @param {{type: string} & Record<string, any>} event of the call */
  #receive(event) {
    if ([this.#checks, this.#documents, this.#answers].some((part) => part.receive(event))) return;
    switch (event.type) {
      case "state":
        this.#around.dispatch({ ...event, at: Date.now() });
        return;
      case "askPermissions":
        void this.#asked.want(event.requestId, event.camera, event.microphone);
        return;
      case "hello":
        clearTimeout(this.#staleTimer);
        this.#staleTimer = setTimeout(() => this.#around.dispatch({ type: "staleRequests" }), ASK_AGAIN_MS);
    }
    this.#around.dispatch(event);
  }
}
