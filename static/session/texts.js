// @ts-check
/** Which text of the catalogues fits, where more than one thing decides. */

import { has, t } from "./strings.js";

/**
 * @typedef {import("./state.js").DeviceProblem} DeviceProblem
 * @typedef {import("./requests.js").InputRequest["kind"]} FieldKind
 */

/**
 * The customer's text for the permissions page, in the page's language where there is one.
 * @param {Record<string, any>} page `customization.permissionsPage`
 * @param {string} name
 * @param {string} language
 * @returns {string} empty when the customer gave none
 */
export function customText(page, name, language) {
  const translated = page?.[`${name}Translates`];
  return translated?.[language] ?? translated?.[language.split("-")[0]] ?? page?.[name] ?? "";
}

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

/**
 * How the conversation ended.
 * @param {{status: string, reason: string}} outcome
 * @returns {{title: string, text: string}}
 */
export function ending({ status, reason }) {
  const which = has(`ending.${reason}.title`) ? reason : status === "complete" ? "end" : "other";
  return { title: t(`ending.${which}.title`), text: t(`ending.${which}.text`) };
}

/** Why the page cannot go on, and what can be done. @param {string} code */
export function stopped(code) {
  const which = has(`stop.${code}.title`) ? code : "problem";
  return { title: t(`stop.${which}.title`), text: t(`stop.${which}.text`) };
}
