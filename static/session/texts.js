// @ts-check
/** Which text of the catalogues fits, where more than one thing decides: before the call and after it. */

import { has, t } from "./strings.js";

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
