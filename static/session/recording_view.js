// @ts-check
/** Says during the call that it is recorded, and asks before that is stopped. */

import { html, setText } from "../shared/dom.js";
import { leaveFocus } from "./focus.js";
import { icon } from "./more_icons.js";
import { t } from "./strings.js";

/**
 * @typedef {import("./types.js").State} State
 * @typedef {import("./types.js").Actions} Actions
 */

/**
 * A button that stands there for as long as the call is recorded, and words for each change, once.
 * @param {Actions} actions
 */
export function recordingSign(actions) {
  const plate = html("span", { class: "looking" }, html("i", { "aria-hidden": "true" }), html("span", {}, t("recording.on")), icon("chevron_down"));
  const button = html("button", { type: "button", class: "recording", "aria-haspopup": "dialog", onclick: () => actions.dispatch("askRecording") }, plate);
  const said = html("p", { role: "status" });
  return {
    elements: [button, said],
    /** @param {State} state */
    update(state) {
      const recording = state.screen === "call" ? state.recording : "off";
      const hadFocus = document.activeElement === button;
      button.hidden = recording !== "on";
      if (hadFocus && button.hidden) leaveFocus(state);
      said.className = recording === "erased" ? "looking" : "visually-hidden"; // Who sees has the sign for the rest.
      setText(said, recording === "off" ? "" : t(recording === "on" ? "recording.heading" : "recording.erased"));
    },
  };
}

/** @param {Actions} actions */
export function recordingDialog(actions) {
  const keep = () => actions.dispatch("keepRecording");
  const stop = html("button", { type: "button", class: "button danger", onclick: actions.stopRecording }, t("recording.stop.button"));
  const back = html("button", { type: "button", class: "button primary", onclick: keep }, t("consent.back.button"));
  const element = html(
    "dialog",
    { class: "leave", "aria-labelledby": "recording-title" },
    html("h2", { id: "recording-title" }, t("recording.heading")),
    html("p", {}, t("recording.text")),
    html("div", { class: "actions row" }, stop, back),
  );
  element.addEventListener("cancel", (event) => {
    event.preventDefault();
    keep();
  });
  return {
    element,
    /** @param {State} state */
    update({ screen, recordingAsked }) {
      const open = screen === "call" && recordingAsked;
      if (open && !element.open) {
        element.showModal();
        back.focus();
      } else if (!open && element.open) element.close();
    },
  };
}
