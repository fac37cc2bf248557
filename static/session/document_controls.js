// @ts-check
/** The bar below the picture of a document: file, shutter, light, mirror, another camera; each where there is a use for it. */

import { html } from "../shared/dom.js";
import { canPress, canUpload, openScan } from "./document_state.js";
import { DOCUMENT } from "./document_texts.js";
import { icon } from "./icons.js";

/**
 * @param {import("./panels.js").Actions} actions
 * @returns {{element: HTMLElement, update: (state: import("./state.js").State) => void}}
 */
export function documentControls({ documents }) {
  /** @param {string} symbol @param {string} label @param {() => void} press @param {string} [more] further classes */
  const control = (symbol, label, press, more = "") =>
    html("button", { type: "button", class: `scan-control ${more}`, "aria-label": label, title: label, onclick: press }, icon(symbol));
  const input = html("input", { type: "file", accept: "image/*", hidden: true });
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    input.value = ""; // The same file may be chosen again.
    if (file) void documents.upload(file);
  });
  const upload = control("upload", DOCUMENT.upload, () => input.click());
  const shutter = control("camera", DOCUMENT.shutter, () => documents.press(), "shutter");
  const torch = control("torch", DOCUMENT.torch, () => void documents.toggleTorch());
  const mirror = control("mirror", DOCUMENT.mirror, () => documents.toggleMirror());
  const another = control("switchCamera", DOCUMENT.switchCamera, () => documents.switchCamera());
  const element = html(
    "div",
    { class: "scan-controls", role: "group", "aria-label": DOCUMENT.tools },
    html("div", {}, upload, input),
    shutter,
    html("div", {}, torch, mirror, another),
  );
  return {
    element,
    update(state) {
      const check = openScan(state);
      if (!check) return;
      const { scan } = check;
      const camera = state.camera === "on" ? state.documentCamera : null;
      element.hidden = check.result !== null || !(camera || scan.upload);
      upload.hidden = !scan.upload;
      upload.setAttribute("aria-disabled", String(!canUpload(state)));
      shutter.hidden = !camera;
      shutter.setAttribute("aria-disabled", String(!canPress(state)));
      torch.hidden = !(camera && scan.torchButton && camera.torch !== null);
      torch.setAttribute("aria-pressed", String(camera?.torch === true));
      mirror.hidden = !(camera && scan.mirrorButton);
      mirror.setAttribute("aria-pressed", String(camera?.mirrored === true));
      another.hidden = !(camera && scan.switchButton && camera.others > 0);
    },
  };
}
