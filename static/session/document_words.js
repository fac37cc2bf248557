// @ts-check
/** What the view of a document scan says: the texts and the sign for an advice. */

import { cameraHelp, optional } from "./call_texts.js";
import { has, t } from "./strings.js";

/**
 * @typedef {import("./types.js").State} State
 * @typedef {import("./document_state.js").Scan} Scan
 * @typedef {import("./document_state.js").DocumentAdvice} DocumentAdvice
 * @typedef {{line: string, detail: string, symbol: string}} Words
 */

/** @type {Record<Scan["step"], string>} */
export const STEP_SYMBOLS = { show_front: "document", show_document: "document", turn_over: "turn", try_again: "again" };

/** By key of `vision.document.capture.commands.HintKey`. @type {Record<string, string>} */
export const HINT_SYMBOLS = {
  no_document: "document",
  two_documents: "documents",
  cut_off: "back",
  closer: "closer",
  back: "back",
  tilted: "level",
  glare: "light",
  blurred: "hold",
  shadow: "light",
  more_light: "light",
  less_light: "light",
  hold_still: "hold",
  steady: "check",
  reading: "clock",
};

/** Of the files that were not taken, those that do not just read "alert". @type {Record<string, string>} */
export const UPLOAD_SYMBOLS = { same: "again", busy: "clock" };

/** @type {Record<"passed" | "failed" | "unclear", string>} */
export const RESULT_SYMBOLS = { passed: "check", failed: "close", unclear: "question" };

/**
 * A text and the one that explains it.
 * @param {string} key
 * @param {string} symbol
 * @returns {Words}
 */
const words = (key, symbol) => ({ line: t(key), detail: optional(`${key}.detail`), symbol });

/**
 * @param {DocumentAdvice} said
 * @param {Scan} scan
 * @param {State} state
 * @returns {Words}
 */
export function documentWords(said, scan, { cameraProblem }) {
  switch (said.kind) {
    case "result":
      return words(`document.result.${said.result}`, RESULT_SYMBOLS[said.result]);
    case "uploading":
      return words(`document.uploading.${said.uploading}`, "clock");
    case "uploadProblem":
      return words(`document.uploadProblem.${said.problem}`, UPLOAD_SYMBOLS[said.problem] ?? "alert");
    case "done":
      return words("document.got", "check");
    case "camera": {
      const { line, detail } = cameraHelp(said.camera, cameraProblem, "document");
      return { line, detail: scan.upload ? t("document.cameraOrUpload", { help: detail }) : detail, symbol: "cameraOff" };
    }
    case "hint":
      return said.hint in HINT_SYMBOLS ? words(`document.hint.${said.hint}`, HINT_SYMBOLS[said.hint]) : stepWords(scan);
    default:
      return stepWords(scan);
  }
}

/** @param {Scan} scan @returns {Words} */
function stepWords({ step, problem }) {
  if (step === "try_again" && has(`document.problem.${problem}`)) return words(`document.problem.${problem}`, "again");
  const known = step in STEP_SYMBOLS ? step : "show_front";
  return words(`document.step.${known}`, STEP_SYMBOLS[known]);
}

/**
 * Which side is asked for.
 * @param {Scan} scan
 */
export function sideName({ side, frontFirst }) {
  if (side === 0) return t(frontFirst ? "document.side.front" : "document.side.first");
  if (side === 1) return t(frontFirst ? "document.side.back" : "document.side.other");
  return t("document.side.numbered", { number: side + 1 });
}
