// @ts-check
/** What the server asks for during the call, above the field to type in: one card at a time. */

import { html, setText } from "../shared/dom.js";
import { fieldCard } from "./field.js";
import { focusIsFree, leaveFocus } from "./focus.js";
import { icon } from "./more_icons.js";
import { t } from "./strings.js";

/**
 * @typedef {import("./types.js").State} State
 * @typedef {{element: HTMLElement, focus: () => void, update: (state: State) => void}} Card
 */

/** @param {import("./types.js").Actions} actions */
export function cardPlace(actions) {
  const element = html("div", { class: "cards", hidden: true });
  /** @type {Card | null} */
  let card = null;
  let shown = "";
  return {
    element,
    /** @param {State} state */
    update(state) {
      const wanted = wantedCard(state);
      if (wanted !== shown) {
        const hadFocus = element.contains(document.activeElement);
        shown = wanted;
        card = !wanted ? null : state.input ? fieldCard(state.input, actions) : permissionsCard(state, actions);
        element.hidden = !card;
        element.replaceChildren(...(card ? [card.element] : []));
        card?.update(state);
        if (card && (hadFocus || focusIsFree())) card.focus();
        else if (!card && hadFocus) leaveFocus(state);
      } else card?.update(state);
    },
  };
}

/** Which card the state wants, as a key. @param {State} state */
function wantedCard({ input, permissions }) {
  if (input) return `input ${input.requestId} ${input.kind}`;
  return permissions?.card ? `permissions ${permissions.microphone} ${permissions.camera}` : "";
}

/** @param {State} state @param {import("./types.js").Actions} actions @returns {Card} */
function permissionsCard(state, actions) {
  const { microphone = false, camera = false } = state.permissions ?? {};
  const { name } = state.persona;
  const which = microphone && camera ? "both" : microphone ? "microphone" : "camera";
  const lead = html("p", { id: "devices-lead", class: "soft", role: "status" });
  const allow = html("button", { type: "button", class: "button primary", "aria-describedby": "devices-lead", onclick: actions.allowDevices }, t(`permissions.${which}.button`));
  const decline = html("button", { type: "button", class: "button secondary", onclick: actions.declineDevices }, t("permissions.decline.button"));
  const buttons = html("div", { class: "card-actions" }, allow, decline);
  const reason = (/** @type {string} */ symbol, /** @type {string} */ text) => html("li", {}, icon(symbol), html("span", {}, text));
  const element = html(
    "section",
    { class: "card devices", "aria-labelledby": "devices-title" },
    html("h2", { id: "devices-title" }, t(`permissions.${which}.title`, { name })),
    lead,
    html("ul", { class: "reasons" }, microphone && reason("microphone", t("permissions.microphone.reason")), camera && reason("camera", t("permissions.camera.reason", { name }))),
    html("p", { class: "soft note" }, t("permissions.note")),
    buttons,
  );
  return {
    element,
    focus: () => allow.focus({ preventScroll: true }),
    update({ permissions, link }) {
      const asking = permissions?.asking ?? false;
      element.classList.toggle("asking", asking);
      setText(lead, t(asking ? `permissions.${which}.asking` : "permissions.lead", { name }));
      buttons.hidden = asking;
      allow.disabled = decline.disabled = link !== "open";
    },
  };
}
