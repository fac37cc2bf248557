// @ts-check
/** The view of a document scan: the camera's picture, large, with a frame, and one advice at a time. */

import { html, setText } from "../shared/dom.js";
import { cameraHelp } from "./call_texts.js";
import { canCancel } from "./check_state.js";
import { documentControls } from "./document_controls.js";
import { documentFrame, documentOutline, turningCard } from "./document_signs.js";
import { canUpload, documentAdvice, openScan } from "./document_state.js";
import { documentWords, RESULT_SYMBOLS, sideName } from "./document_words.js";
import { focusIsFree, leaveFocus } from "./focus.js";
import { icon } from "./more_icons.js";
import { t } from "./strings.js";

/**
 * @typedef {import("./types.js").State} State
 * @typedef {import("./check_state.js").Check & {scan: import("./document_state.js").Scan}} ScanCheck
 * @typedef {import("./document_state.js").DocumentAdvice} DocumentAdvice
 */

/**
 * @param {import("./types.js").Actions} actions
 * @param {AbortSignal} gone the view is taken away
 * @returns {{element: HTMLElement, update: (state: State) => void}}
 */
export function documentView(actions, gone) {
  const heading = html("h2", { id: "document-title", tabIndex: -1 }, t("document.title"));
  const side = html("span", { class: "check-step" });
  const sign = html("div", { class: "check-sign", "aria-hidden": "true" });
  const line = html("p", { class: "check-line" });
  const detail = html("p", { class: "check-detail" });
  const words = html("div", { class: "check-words", role: "status" }, line, detail);
  const advice = html("div", { class: "check-advice" }, sign, html("header", { class: "check-head" }, heading, side), words);
  const lens = documentLens(actions);
  const guide = html("button", { type: "button", class: "chip guide", "aria-label": t("check.soundGuide.button"), onclick: actions.toggleSoundGuide }, icon("sound"), html("span", {}, t("check.soundGuide.button")));
  const cancelLabel = html("span", {});
  const cancel = html("button", { type: "button", class: "chip cancel", onclick: actions.cancelCheck }, icon("close"), cancelLabel);
  const tools = html("div", { class: "check-tools" }, guide, cancel);
  const element = html("section", { class: "check scan", "aria-labelledby": "document-title", hidden: true }, advice, lens.element, tools);
  takeFiles(element, actions, gone);

  let open = "";
  let shownSign = "";
  return {
    element,
    update(state) {
      const check = openScan(state);
      const hadFocus = element.contains(document.activeElement) || document.activeElement === document.body;
      if (check?.result && element.contains(document.activeElement)) heading.focus({ preventScroll: true });
      element.hidden = !check;
      if (check) {
        const said = documentAdvice(check, state.camera);
        const saying = documentWords(said, check.scan, state);
        setText(line, saying.line);
        setText(detail, saying.detail);
        if (saying.symbol !== shownSign) sign.replaceChildren(icon((shownSign = saying.symbol)));
        setText(side, sideName(check.scan));
        element.dataset.advice = said.kind;
        element.dataset.upload = canUpload(state) ? "yes" : "no";
        lens.update(said, check, state);
        guide.hidden = check.result !== null;
        guide.setAttribute("aria-pressed", String(state.soundGuide));
        cancel.hidden = check.result !== null;
        cancel.setAttribute("aria-disabled", String(!canCancel(state) || state.link !== "open")); // `disabled` would throw the focus away.
        setText(cancelLabel, t(check.cancelled ? "check.cancelling.button" : "document.cancel.button"));
        cancel.setAttribute("aria-label", cancelLabel.textContent ?? "");
      } else lens.stop();
      if (check && open !== check.requestId && focusIsFree()) heading.focus({ preventScroll: true });
      else if (!check && open && hadFocus) leaveFocus(state);
      open = check?.requestId ?? "";
    },
  };
}

/**
 * The picture with the frame, and what lies over it.
 * @param {import("./types.js").Actions} actions
 */
function documentLens(actions) {
  const video = html("video", { class: "document-video", autoplay: true, muted: true, playsInline: true });
  const outline = documentOutline();
  const picture = html("div", { class: "document-picture" }, video, outline.element);
  const frame = documentFrame();
  const card = turningCard();
  const mark = html("div", { class: "lens-mark", "aria-hidden": "true", hidden: true });
  const flash = html("div", { class: "shutter-flash", "aria-hidden": "true" });
  const button = html("button", { type: "button", class: "button primary" });
  const file = fileInput(actions);
  const upload = html("button", { type: "button", class: "button secondary", onclick: () => file.click() }, t("document.upload.button"));
  const off = html("div", { class: "lens-off" }, icon("cameraOff"), html("div", { class: "lens-off-ways" }, button, upload));
  button.addEventListener("click", () => (button.dataset.camera === "off" ? actions.toggleCamera() : actions.documents.openCamera()));
  const starting = html("p", { class: "lens-starting" }, html("span", { class: "spinner", "aria-hidden": "true" }), t("document.starting"));
  const drop = html("p", { class: "drop-here", "aria-hidden": "true" }, icon("upload"), t("document.drop"));
  const controls = documentControls(actions, () => file.click());
  const lens = html("div", { class: "lens document-lens" }, file, picture, html("div", { class: "frame-place" }, frame.element, card, mark), flash, starting, off, drop, controls.element);
  let marked = "";
  let stills = 0;
  return {
    element: html("div", { class: "lens-place" }, lens),
    stop() {
      video.srcObject = null;
    },
    /** @param {DocumentAdvice} said @param {ScanCheck} check @param {State} state */
    update(said, { scan, fraction, result }, state) {
      showTrack(video, result ? null : actions.stream(), state.documentCamera !== null);
      const mirrored = state.documentCamera?.mirrored ?? false;
      picture.classList.toggle("mirrored", mirrored);
      video.setAttribute("aria-label", t(mirrored ? "check.picture" : "page.yourCamera"));
      outline.show(said.kind === "done" || said.kind === "result" ? [] : scan.corners, video);
      frame.show(scan.shape, fraction);
      lens.dataset.advice = said.kind === "hint" ? said.hint : said.kind;
      card.hidden = scan.step !== "turn_over" || !(said.kind === "step" || (said.kind === "hint" && said.hint === "no_document"));
      const symbol = said.kind === "result" ? RESULT_SYMBOLS[said.result] : said.kind === "done" ? "check" : "";
      if (symbol !== marked) {
        marked = symbol;
        mark.hidden = !symbol;
        mark.dataset.symbol = symbol;
        mark.replaceChildren(...(symbol ? [icon(symbol)] : []));
      }
      if (scan.stills > stills && !reducedMotion()) flash.animate([{ opacity: 0.85 }, { opacity: 0 }], 260);
      stills = scan.stills;
      starting.hidden = result !== null || state.camera !== "on" || state.documentCamera !== null;
      off.hidden = said.kind !== "camera";
      if (said.kind === "camera") {
        button.dataset.camera = said.camera;
        setText(button, cameraHelp(said.camera, state.cameraProblem, "document").button);
        upload.hidden = !scan.upload;
      }
      controls.update(state);
    },
  };
}

/** @param {import("./types.js").Actions} actions */
function fileInput({ documents }) {
  const input = html("input", { type: "file", accept: "image/*", hidden: true });
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    input.value = ""; // The same file may be chosen again.
    if (file) void documents.upload(file);
  });
  return input;
}

const reducedMotion = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * Only the camera for documents is shown here: a stream of its own for each, as Safari keeps to the first track of one.
 * @param {HTMLVideoElement} video
 * @param {MediaStream | null} stream
 * @param {boolean} ready whether that camera is on
 */
function showTrack(video, stream, ready) {
  const track = ready ? stream?.getVideoTracks()[0] : undefined;
  const shown = /** @type {MediaStream | null} */ (video.srcObject)?.getVideoTracks()[0];
  if (track !== shown) video.srcObject = track ? new MediaStream([track]) : null;
}

/**
 * Files that are dropped on the view, or pasted while it is open.
 * @param {HTMLElement} element
 * @param {import("./types.js").Actions} actions
 * @param {AbortSignal} gone
 */
function takeFiles(element, actions, gone) {
  const allowed = () => element.dataset.upload === "yes";
  element.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault(); // Otherwise the browser opens the file in the place of the page.
    event.dataTransfer.dropEffect = allowed() ? "copy" : "none";
    element.classList.toggle("dragging", allowed());
  });
  element.addEventListener("dragleave", (event) => {
    if (!element.contains(/** @type {Node | null} */ (event.relatedTarget))) element.classList.remove("dragging");
  });
  element.addEventListener("drop", (event) => {
    element.classList.remove("dragging");
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    void actions.documents.upload(file);
  });
  const paste = (/** @type {ClipboardEvent} */ event) => {
    const file = event.clipboardData?.files[0];
    if (!file || element.hidden) return;
    event.preventDefault();
    void actions.documents.upload(file);
  };
  addEventListener("paste", paste, { signal: gone });
}
