// @ts-check
/** The bar below the picture of a document: file, shutter, light, mirror, another camera; each where there is a use for it. */

import { html } from "../shared/dom.js";
import { canPress, canUpload, openScan } from "./document_state.js";
import { DOCUMENT } from "./document_texts.js";
import { icon } from "./icons.js";

/**
 * @param {import("./panels.js").Actions} actions
 * @param {() => void} chooseFile
 * @returns {{element: HTMLElement, update: (state: import("./state.js").State) => void}}
 */
export function documentControls({ documents }, chooseFile) {
  /** @param {string} symbol @param {string} label @param {() => void} press */
  const control = (symbol, label, press) =>
    html("button", { type: "button", class: "scan-control", "aria-label": label, title: label, onclick: press }, icon(symbol));
  const upload = control("upload", DOCUMENT.upload, chooseFile);
  const shutter = html("button", { type: "button", class: "scan-control shutter", "aria-label": DOCUMENT.shutter, title: DOCUMENT.shutter, onclick: () => documents.press() });
  const torch = control("torch", DOCUMENT.torch, () => void documents.toggleTorch());
  const mirror = control("mirror", DOCUMENT.mirror, () => documents.toggleMirror());
  const another = control("switchCamera", DOCUMENT.switchCamera, () => documents.switchCamera());
  const element = html(
    "div",
    { class: "scan-controls", role: "group", "aria-label": DOCUMENT.tools },
    html("div", {}, upload, torch),
    shutter,
    html("div", {}, mirror, another),
  );
  return {
    element,
    update(state) {
      const check = openScan(state);
      if (!check) return;
      const { scan } = check;
      const camera = state.camera === "on" ? state.documentCamera : null;
      element.hidden = check.result !== null || !camera; // Without a camera the file has a place of its own.
      upload.hidden = !scan.upload;
      upload.setAttribute("aria-disabled", String(!canUpload(state)));
      shutter.setAttribute("aria-disabled", String(!canPress(state)));
      if (!camera) return;
      torch.hidden = !scan.torchButton || camera.torch === null;
      torch.setAttribute("aria-pressed", String(camera.torch === true));
      mirror.hidden = !scan.mirrorButton;
      mirror.setAttribute("aria-pressed", String(camera.mirrored));
      another.hidden = !scan.switchButton || camera.others < 1;
    },
  };
}
