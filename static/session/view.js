// @ts-check
/** Puts the picture and the panel of the present screen on the page, and the question before leaving. */

import "./avatar/element.js";
import "./meter.js";
import { html } from "../shared/dom.js";
import { canCancel, openCheck } from "./check_state.js";
import { conversationPanel } from "./conversation.js";
import { openScan } from "./document_state.js";
import { flashDialog } from "./flash_dialog.js";
import { handoffDialog } from "./handoff_dialog.js";
import * as panels from "./panels.js";
import { readyPanel } from "./ready.js";
import { settingsDialog } from "./settings_dialog.js";
import { stage } from "./stage.js";
import { isAsked } from "./state.js";
import { t } from "./strings.js";
import { welcomePanel } from "./welcome.js";

/** @typedef {import("./state.js").State} State */

/** @type {Record<import("./state.js").Screen, (state: State, actions: panels.Actions) => panels.Panel>} */
const PANELS = {
  loading: panels.loadingPanel,
  welcome: welcomePanel,
  asking: panels.askingPanel,
  ready: readyPanel,
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
  const avatar = /** @type {import("./avatar/element.js").AvatarElement} */ (document.createElement("visavis-avatar"));
  avatar.mouthSource = mouthAt;
  let language = "";
  let replaced = new AbortController();
  let show = (/** @type {State} */ _state) => {};
  return (state) => {
    if (state.language === language) {
      show(state);
      return;
    }
    const typed = [.../** @type {NodeListOf<HTMLInputElement>} */ (root.querySelectorAll("#answer, #wanted"))].map(({ id, value }) => ({ id, value }));
    const hadFocus = root.contains(document.activeElement) && document.activeElement !== root;
    replaced.abort();
    replaced = new AbortController();
    language = state.language;
    show = translated(root, avatar, actions, replaced.signal);
    show(state);
    for (const { id, value } of typed) {
      const field = /** @type {HTMLInputElement | null} */ (document.getElementById(id));
      if (field) field.value = value;
    }
    if (hadFocus) root.querySelector("h1")?.focus({ preventScroll: true });
  };
}

/**
 * Everything, in the language of now. For another one all is built anew: texts stand in many places, and a switch is rare.
 * The avatar is handed on, so that it goes on speaking.
 * @param {HTMLElement} root
 * @param {import("./avatar/element.js").AvatarElement} avatar
 * @param {panels.Actions} actions
 * @param {AbortSignal} gone takes all of it away
 * @returns {(state: State) => void} shows a state
 */
function translated(root, avatar, actions, gone) {
  const picture = stage(avatar, actions, gone);
  const side = html("section", { class: "panel" });
  const app = html("main", { class: "app" }, picture.element, side);
  const dialogs = [leaveDialog(actions), flashDialog(actions), settingsDialog(actions), handoffDialog(actions)];
  const parts = [app, ...dialogs.map((dialog) => dialog.element)];
  root.prepend(...parts);
  let checkCanBeLeft = false;
  const escape = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    event.preventDefault(); // Otherwise the same key press closes the dialog that it opens.
    if (checkCanBeLeft) actions.cancelCheck();
    else actions.dispatch("askLeave");
  };
  addEventListener("keydown", escape, { signal: gone });
  gone.addEventListener("abort", () => {
    for (const part of parts) part.remove();
  });

  /** @type {panels.Panel | null} */
  let panel = null;
  let built = "";
  return (state) => {
    if (state.session) document.title = t("page.title", { name: state.persona.name });
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
    for (const dialog of dialogs) dialog.update(state);
  };
}

/** The question before leaving: in mid-call, or before anything has begun. @param {panels.Actions} actions */
function leaveDialog(actions) {
  const stay = html("button", { type: "button", class: "button primary", onclick: () => actions.dispatch("stay") });
  const leave = html("button", { type: "button", class: "button danger", onclick: actions.leave });
  const title = html("h2", { id: "leave-title" });
  const text = html("p", {});
  const element = html("dialog", { class: "leave", "aria-labelledby": "leave-title" }, title, text, html("div", { class: "actions row" }, leave, stay));
  element.addEventListener("cancel", (event) => {
    event.preventDefault();
    actions.dispatch("stay");
  });
  return {
    element,
    /** @param {State} state */
    update({ leaveAsked, screen }) {
      if (leaveAsked && !element.open) {
        const begun = screen !== "welcome";
        title.textContent = t(begun ? "leave.heading" : "consent.declineHeading");
        text.textContent = t(begun ? "leave.text" : "consent.declineText");
        stay.textContent = t(begun ? "leave.stay.button" : "consent.back.button");
        leave.textContent = t(begun ? "page.endConversation.button" : "consent.decline.button");
        element.showModal();
        stay.focus();
      } else if (!leaveAsked && element.open) element.close();
    },
  };
}
