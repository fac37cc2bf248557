// @ts-check
/** Puts the picture and the panel of the present screen on the page, and the question before leaving. */

import "./meter.js";
import { html } from "../shared/dom.js";
import { canCancel, openCheck } from "./check_state.js";
import { conversationPanel } from "./conversation.js";
import { openScan } from "./document_state.js";
import { flashDialog } from "./flash_dialog.js";
import * as panels from "./panels.js";
import { stage } from "./stage.js";
import { isAsked } from "./state.js";

/** @typedef {import("./state.js").State} State */

/** @type {Record<import("./state.js").Screen, (state: State, actions: panels.Actions) => panels.Panel>} */
const PANELS = {
  loading: panels.loadingPanel,
  welcome: panels.welcomePanel,
  asking: panels.askingPanel,
  ready: panels.readyPanel,
  connecting: panels.connectingPanel,
  call: conversationPanel,
  ended: panels.endedPanel,
  stopped: panels.stoppedPanel,
};

/**
 * @param {HTMLElement} root
 * @param {panels.Actions} actions
 * @param {(nowMs: number) => import("./avatar/visemes.js").Mouth | null} mouthAt
 * @returns {(state: State) => void} shows a state
 */
export function view(root, actions, mouthAt) {
  const picture = stage(actions, mouthAt);
  const side = html("section", { class: "panel" });
  const app = html("main", { class: "app" }, picture.element, side);
  const dialog = leaveDialog(actions);
  const flash = flashDialog(actions);
  root.append(app, dialog.element, flash.element);
  let checkCanBeLeft = false;
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    event.preventDefault(); // Otherwise the same key press closes the dialog that it opens.
    if (checkCanBeLeft) actions.cancelCheck();
    else actions.dispatch("askLeave");
  });

  /** @type {panels.Panel | null} */
  let panel = null;
  let built = "";
  return (state) => {
    app.dataset.screen = state.screen;
    app.dataset.transcript = state.transcript ? "open" : "closed";
    app.dataset.asked = isAsked(state) ? "yes" : "no";
    app.dataset.check = openCheck(state) ? "open" : "none";
    app.dataset.scan = openScan(state) ? "open" : "none";
    checkCanBeLeft = canCancel(state);
    picture.update(state);
    const key = [state.screen, state.deviceProblem, state.stop?.code, state.stop?.retryAt].join();
    if (key !== built) {
      const first = built === "";
      built = key;
      panel = PANELS[state.screen](state, actions);
      side.replaceChildren(panel.element);
      if (!first) side.querySelector("h1")?.focus({ preventScroll: true });
    }
    panel?.update?.(state);
    dialog.update(state);
    flash.update(state);
  };
}

/** @param {panels.Actions} actions */
function leaveDialog(actions) {
  const stay = html("button", { type: "button", class: "button primary", onclick: () => actions.dispatch("stay") }, "Keep talking");
  const leave = html("button", { type: "button", class: "button danger", onclick: actions.leave }, "End conversation");
  const element = html(
    "dialog",
    { class: "leave", "aria-labelledby": "leave-title" },
    html("h2", { id: "leave-title" }, "End the conversation?"),
    html("p", {}, "Your answers so far are passed on as unfinished. You cannot come back with this link."),
    html("div", { class: "actions row" }, leave, stay),
  );
  element.addEventListener("cancel", (event) => {
    event.preventDefault();
    actions.dispatch("stay");
  });
  return {
    element,
    /** @param {State} state */
    update({ leaveAsked }) {
      if (leaveAsked && !element.open) {
        element.showModal();
        stay.focus();
      } else if (!leaveAsked && element.open) element.close();
    },
  };
}
