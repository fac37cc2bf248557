// @ts-check
/** The panel before the call: how one looks and sounds, other devices, and what the check found. */

import "./meter.js";
import { html } from "../shared/dom.js";
import { deviceMenu } from "./device_menu.js";
import { icon } from "./more_icons.js";
import { button, heading } from "./panel_parts.js";
import { preflightList } from "./preflight_view.js";
import { t } from "./strings.js";

/**
 * @typedef {import("./types.js").State} State
 * @typedef {import("./types.js").Actions} Actions
 */

/** @param {State} _state @param {Actions} actions @returns {import("./types.js").Panel} */
export function readyPanel(_state, actions) {
  const meter = /** @type {import("./meter.js").LevelMeterElement} */ (document.createElement("level-meter"));
  meter.setAttribute("aria-label", t("ready.level"));
  meter.source = actions.level;
  const lead = html("p", { class: "lead" });
  const preview = cameraPreview(actions);
  const menu = deviceMenu(actions);
  const checks = preflightList(html("details", { class: "choose" }, html("summary", {}, t("devices.choose")), menu.element));
  const element = html(
    "div",
    { class: "panel-body" },
    heading(t("ready.heading")),
    lead,
    preview.element,
    html("div", { class: "meter-row" }, icon("microphone"), meter),
    checks.element,
    html(
      "div",
      { class: "actions" },
      html("div", { class: "button-row" }, button(t("page.startConversation.button"), actions.start), button(t("ready.typeInstead.button"), actions.typeOnly, "secondary")),
    ),
  );
  return {
    element,
    update(state) {
      preview.update(state);
      lead.textContent = t(preview.element.hidden ? "ready.leadWithoutCamera" : "ready.lead");
      menu.update(state);
      checks.update(state);
    },
  };
}

/** @param {Actions} actions */
function cameraPreview(actions) {
  const video = html("video", { class: "preview-video", autoplay: true, muted: true, playsInline: true, "aria-label": t("page.yourCamera") });
  video.srcObject = actions.stream();
  const toggle = html("button", { type: "button", class: "chip-button", onclick: actions.toggleCamera });
  const covered = html("p", { class: "preview-off" }, icon("cameraOff"), t("ready.cameraOff"));
  const element = html("div", { class: "preview" }, video, covered, toggle);
  return {
    element,
    /** @param {State} state */
    update({ camera }) {
      if (element.dataset.camera === camera) return;
      element.dataset.camera = camera;
      element.hidden = camera === "absent" || camera === "lost";
      toggle.replaceChildren(icon(camera === "on" ? "camera" : "cameraOff"), t(camera === "on" ? "page.turnCameraOff.button" : "page.turnCameraOn.button"));
    },
  };
}
