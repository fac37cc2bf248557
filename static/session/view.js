// @ts-check
/** Puts the picture and the panel of the present screen on the page, and the question before leaving. */

import "./avatar/element.js";
import { html } from "../shared/dom.js";
import * as panels from "./panels.js";
import { stage } from "./stage.js";
import { t } from "./strings.js";
import { welcomePanel } from "./welcome.js";

/**
 * @typedef {import("./types.js").State} State
 * @typedef {import("./types.js").Actions} Actions
 * @typedef {import("./types.js").Addition} Addition
 */

/** @type {Addition["panels"]} */
const PANELS = {
  loading: panels.loadingPanel,
  welcome: welcomePanel,
  asking: panels.askingPanel,
  ended: panels.endedPanel,
  stopped: panels.stoppedPanel,
};

/**
 * @param {HTMLElement} root
 * @param {Actions} actions
 * @param {(nowMs: number) => import("./avatar/visemes.js").Mouth | null} mouthAt
 * @returns {{avatar: import("./avatar/element.js").AvatarElement, show: (state: State) => void, add: (addition: Addition) => void}}
 */
export function view(root, actions, mouthAt) {
  const avatar = /** @type {import("./avatar/element.js").AvatarElement} */ (document.createElement("visavis-avatar"));
  avatar.mouthSource = mouthAt;
  /** @type {Addition[]} */
  const additions = [];
  let language = "";
  let replaced = new AbortController();
  /** @type {ReturnType<typeof translated> | null} */
  let shown = null;
  const translate = (/** @type {State} */ state) => {
    const typed = [.../** @type {NodeListOf<HTMLInputElement>} */ (root.querySelectorAll("#answer, #wanted"))].map(({ id, value }) => ({ id, value }));
    const hadFocus = root.contains(document.activeElement) && document.activeElement !== root;
    replaced.abort();
    replaced = new AbortController();
    language = state.language;
    shown = translated(root, avatar, actions, replaced.signal);
    additions.forEach(shown.add);
    shown.show(state);
    for (const { id, value } of typed) {
      const field = /** @type {HTMLInputElement | null} */ (document.getElementById(id));
      if (field) field.value = value;
    }
    if (hadFocus) root.querySelector("h1")?.focus({ preventScroll: true });
  };
  return {
    avatar,
    show: (state) => (state.language === language ? shown?.show(state) : translate(state)),
    add(addition) {
      additions.push(addition);
      shown?.add(addition);
    },
  };
}

/**
 * Everything, in the language of now. For another one all is built anew: texts stand in many places, and a switch is rare.
 * The avatar is handed on, so that it goes on speaking.
 * @param {HTMLElement} root
 * @param {import("./avatar/element.js").AvatarElement} avatar
 * @param {Actions} actions
 * @param {AbortSignal} gone takes all of it away
 */
function translated(root, avatar, actions, gone) {
  const picture = stage(avatar);
  const side = html("section", { class: "panel" });
  const app = html("main", { class: "app" }, picture.element, side);
  const buildPanel = { ...PANELS };
  const updates = [picture.update];
  /** @type {{element: HTMLElement, update: (state: State) => void}[]} */
  const dialogs = [leaveDialog(actions)];
  root.prepend(app, dialogs[0].element);
  const escape = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
    event.preventDefault(); // Otherwise the same key press closes the dialog that it opens.
    actions.escape();
  };
  addEventListener("keydown", escape, { signal: gone });
  gone.addEventListener("abort", () => {
    for (const part of [app, ...dialogs.map(({ element }) => element)]) part.remove();
  });

  /** @type {import("./types.js").Panel | null} */
  let panel = null;
  let built = "";
  return {
    /** @param {Addition} addition */
    add(addition) {
      Object.assign(buildPanel, addition.panels);
      if (addition.picture) updates.push(addition.picture(app, picture, actions, gone));
      const added = addition.dialogs(actions, gone);
      dialogs.push(...added);
      app.after(...added.map(({ element }) => element));
    },

    /** @param {State} state */
    show(state) {
      if (state.session) document.title = t("page.title", { name: state.persona.name });
      app.dataset.screen = state.screen;
      for (const update of updates) update(state);
      const key = [state.screen, state.deviceProblem, state.stop?.code, state.stop?.retryAt].join();
      if (key !== built) {
        const first = built === "";
        built = key;
        panel = buildPanel[state.screen]?.(state, actions) ?? panels.loadingPanel();
        side.replaceChildren(panel.element);
        if (!first) side.querySelector("h1")?.focus({ preventScroll: true });
      }
      panel?.update?.(state);
      for (const dialog of dialogs) dialog.update(state);
    },
  };
}

/** The question before leaving: in mid-call, or before anything has begun. @param {Actions} actions */
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
