// @ts-check
/** Which text of the catalogues fits, where more than one thing decides: during the call. */

import { has, t } from "./strings.js";

/**
 * @typedef {import("./types.js").DeviceProblem} DeviceProblem
 * @typedef {import("./requests.js").InputRequest["kind"]} FieldKind
 */

/** A text that not everything has; empty when there is none. @param {string} key */
export const optional = (key) => (has(key) ? t(key) : "");

/**
 * Why a value was not taken, and what to do.
 * @param {{code: string, attemptsLeft: number}} problem
 * @param {FieldKind} kind
 */
export function refusal({ code, attemptsLeft }, kind) {
  if (code === "wrong_code") return attemptsLeft > 0 ? t("refused.wrong_code", { count: attemptsLeft }) : t("refused.noTriesLeft");
  if (code === "not_sent" && kind === "code") return t("refused.codeNotSent");
  return t(has(`refused.${code}`) ? `refused.${code}` : "refused.other");
}

/** What the buttons below a field say. @param {FieldKind} kind */
export function fieldButtons(kind) {
  return kind === "code"
    ? { send: t("field.check.button"), sending: t("field.checking.button"), cancel: t("field.cancel.button") }
    : { send: t("field.send.button"), sending: t("field.sending.button"), cancel: t("field.notNow.button") };
}

/**
 * What to do about a camera that is not on although something is to be seen.
 * @param {"off" | "absent" | "lost"} camera
 * @param {DeviceProblem | null} problem why it could not be opened just now
 * @param {"face" | "document"} subject
 * @returns {{line: string, detail: string, button: string}}
 */
export function cameraHelp(camera, problem, subject) {
  if (problem) {
    return { line: t(`cameraProblem.${problem}.title`), detail: t(`cameraProblem.${problem}.help`), button: t("page.tryAgain.button") };
  }
  if (camera === "lost") return { line: t("cameraOff.lost.title"), detail: t("cameraOff.lost.help"), button: t("cameraOff.lost.button") };
  const why = subject === "document" ? "cameraOff.document" : camera === "absent" ? "cameraOff.faceAsked" : "cameraOff.face";
  return { line: t(`cameraOff.${camera}.title`), detail: t(why), button: t("page.turnCameraOn.button") };
}
