// @ts-check
/** The bar below the picture of a document: file, shutter, light, mirror, another camera; each where there is a use for it. */

import { html } from "../shared/dom.js";
import { canPress, canUpload, openScan } from "./document_state.js";
import { icon } from "./more_icons.js";
import { t } from "./strings.js";

/**
 * @param {import("./types.js").Actions} actions
 * @param {() => void} chooseFile
 * @returns {{element: HTMLElement, update: (state: import("./types.js").State) => void}}
 */
export function documentControls({ documents }, chooseFile) {
  /** @param {string} symbol @param {string} label @param {() => void} press */
  const control = (symbol, label, press) =>
    html("button", { type: "button", class: "scan-control", "aria-label": label, title: label, onclick: press }, icon(symbol));
  const upload = control("upload", t("document.upload.button"), chooseFile);
  const shutter = html("button", { type: "button", class: "scan-control shutter", "aria-label": t("document.shutter.button"), title: t("document.shutter.button"), onclick: () => documents.press() });
  const torch = control("torch", t("document.torch.button"), () => void documents.toggleTorch());
  const mirror = control("mirror", t("document.mirror.button"), () => documents.toggleMirror());
  const another = control("switchCamera", t("document.switchCamera.button"), () => documents.switchCamera());
  const element = html(
    "div",
    { class: "scan-controls", role: "group", "aria-label": t("document.tools") },
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
