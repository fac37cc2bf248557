// @ts-check
/** What a check of the face or a document does beside being shown: answers, timers, sounds, vibration. */

import { advice, canCancel, openCheck } from "./check_state.js";
import { documentAdvice, openScan } from "./document_state.js";
import { unfit } from "./flash.js";
import { GuideTones } from "./guide_tones.js";

/** @typedef {import("./types.js").State} State */

/** How long the sign stands that tells how a challenge, or the whole check, went. */
const CHALLENGE_SIGN_MS = 1_600;
const RESULT_SIGN_MS = 2_600;

/** Whoever has not said by then whether they want to see flashing light does not get to see it. */
const FLASH_QUESTION_MS = 12_000;

const PASSED_VIBRATION = [40];
const FAILED_VIBRATION = [140];
const DONE_VIBRATION = [40, 70, 40];

/** Messages of the server that are about a check. */
const TYPES = new Set([
  "showCheck", "checkHint", "checkChallenge", "checkChallengeEnded", "checkProgress", "showFlash", "showDocument", "documentSeen", "sideDone", "closeCheck",
]);

/** What is told of a document by tone: as a face is led that has to do the same. @type {Record<string, string>} */
const DOCUMENT_TONES = { no_document: "no_face", closer: "closer", back: "back", steady: "steady" };

export class Checks {
  #around;
  #tones = new GuideTones();
  #flashTimer = 0;

  /** @param {import("./types.js").Surroundings} around */
  constructor(around) {
    this.#around = around;
  }

  /**
   * @param {{type: string} & Record<string, any>} message
   * @returns {boolean} false when it is about something else
   */
  receive(message) {
    if (!TYPES.has(message.type)) return false;
    if (message.type === "showFlash") {
      this.#wantFlash(message);
      return true;
    }
    const before = openCheck(this.#around.state());
    this.#around.dispatch({ ...message, at: Date.now() });
    if (message.type === "showCheck") this.#around.call()?.tellCamera();
    const shown = message.type === "showCheck" || (message.type === "showDocument" && before?.requestId !== message.requestId);
    if (shown && this.#around.state().soundGuide) this.#tellGuide();
    if (!before || before.requestId !== message.requestId || before.result) return true;
    if (message.type === "checkChallengeEnded") this.#challengeEnded(before, message);
    if (message.type === "sideDone" && before.scan) this.#sideDone(before, message);
    if (message.type === "closeCheck") this.#closed(before, message);
    return true;
  }

  /** The state has changed: tones follow the hint, and end with the check. @param {State} state */
  follow(state) {
    const check = openCheck(state);
    if (check) this.#tones.follow(state.link === "open" && state.soundGuide ? hintToHear(state, check) : "");
    else this.#tones.close();
    if (!check?.flash) clearTimeout(this.#flashTimer);
  }

  /** The person wants to be led by ear, or no more: tones here, words from the avatar. */
  toggleSoundGuide() {
    this.#around.dispatch({ type: "soundGuide" });
    this.#tellGuide();
  }

  #tellGuide() {
    const { check, soundGuide } = this.#around.state();
    if (check) this.#around.call()?.send("guideByEar", { requestId: check.requestId, wanted: soundGuide });
  }

  /** The person closes the view. @returns {boolean} false when there is none that they can close */
  cancel() {
    const state = this.#around.state();
    if (!canCancel(state)) return false;
    const requestId = state.check?.requestId;
    if (this.#around.call()?.send("cancelCheck", { requestId })) this.#around.dispatch({ type: "checkCancelled", requestId });
    return true;
  }

  /** The person wants to see the colours. */
  allowFlash() {
    clearTimeout(this.#flashTimer);
    this.#around.dispatch({ type: "flashAllowed", requestId: this.#around.state().check?.requestId });
  }

  /** The person does not want flashing light, now and later. */
  refuseFlash() {
    const requestId = this.#around.state().check?.requestId;
    if (requestId) this.#declineFlash(requestId, "photosensitivity");
    this.#around.dispatch({ type: "flashRefused", requestId });
  }

  /** The colours are over. @param {number | null} startedMs when the first was on the screen, by `performance.now()`; null = not shown to the end */
  flashPlayed(startedMs) {
    const requestId = this.#around.state().check?.requestId;
    if (!requestId) return;
    if (startedMs === null) this.#declineFlash(requestId, "unavailable");
    else this.#around.call()?.send("flashShown", { requestId, startedMsAgo: performance.now() - startedMs });
    this.#around.dispatch({ type: "flashOver", requestId });
  }

  /** @param {Record<string, any>} message */
  #wantFlash({ requestId, colours, symbolMs }) {
    const state = this.#around.state();
    const check = openCheck(state);
    if (check?.requestId !== requestId || check?.result || check?.cancelled) return;
    const reason = unfit(colours, symbolMs) ?? (state.flashAllowed === false ? "photosensitivity" : null);
    if (reason) {
      this.#declineFlash(requestId, reason);
      return;
    }
    this.#around.dispatch({ type: "flashWanted", requestId, colours, symbolMs, until: Date.now() + FLASH_QUESTION_MS });
    if (!state.flashAllowed) this.#flashTimer = setTimeout(() => this.flashPlayed(null), FLASH_QUESTION_MS);
  }

  /**
   * @param {string} requestId
   * @param {"photosensitivity" | "reduced_motion" | "unavailable"} reason
   */
  #declineFlash(requestId, reason) {
    this.#around.call()?.send("flashDeclined", { requestId, reason });
  }

  /**
   * @param {import("./check_state.js").Check} check
   * @param {Record<string, any>} message
   */
  #challengeEnded({ requestId, sound, haptics }, { index, passed }) {
    if (passed && sound) this.#tones.sound("passed");
    if (haptics) vibrate(passed ? PASSED_VIBRATION : FAILED_VIBRATION);
    setTimeout(() => this.#around.dispatch({ type: "challengeSeen", requestId, index }), CHALLENGE_SIGN_MS);
  }

  /**
   * @param {import("./check_state.js").Check} check
   * @param {Record<string, any>} message
   */
  #sideDone({ requestId }, { side }) {
    this.#tones.sound("passed");
    vibrate(PASSED_VIBRATION);
    setTimeout(() => this.#around.dispatch({ type: "sideSeen", requestId, side }), CHALLENGE_SIGN_MS);
  }

  /**
   * @param {import("./check_state.js").Check} check
   * @param {Record<string, any>} message
   */
  #closed({ requestId, sound, haptics }, { result }) {
    if (result === "stopped") return;
    if (result === "passed" && sound) this.#tones.sound("done");
    if (haptics) vibrate(result === "passed" ? DONE_VIBRATION : FAILED_VIBRATION);
    setTimeout(() => this.#around.dispatch({ type: "resultSeen", requestId }), RESULT_SIGN_MS);
  }
}

/**
 * The hint that leads by tone now; empty = none.
 * @param {State} state
 * @param {import("./check_state.js").Check} check
 * @returns {string}
 */
function hintToHear(state, check) {
  const scan = openScan(state);
  const said = scan ? documentAdvice(scan, state.camera) : advice(check, state.camera);
  const hint = said.kind === "challenge" || said.kind === "hint" ? said.hint : "";
  return scan ? (DOCUMENT_TONES[hint] ?? "") : hint;
}

/** Where the device can. @param {number[]} pattern */
function vibrate(pattern) {
  navigator.vibrate?.(pattern);
}
