// @ts-check
/** The picture: the avatar and its name. What lies over it during the call comes with the call: see `call_picture.js`. */

import { html } from "../shared/dom.js";
import { doing, mood } from "./state.js";
import { t } from "./strings.js";

/**
 * @typedef {object} Stage
 * @property {HTMLElement} element
 * @property {HTMLElement} top what stands along its upper edge
 * @property {HTMLElement} plates in there, the small signs
 * @property {(state: import("./types.js").State) => void} update
 */

/**
 * @param {import("./avatar/element.js").AvatarElement} avatar
 * @returns {Stage}
 */
export function stage(avatar) {
  const nameplate = html("p", { class: "nameplate" });
  const plates = html("div", { class: "plates" }, nameplate);
  const top = html("div", { class: "stage-top" }, plates);
  const element = html("section", { class: "stage", "aria-label": t("page.avatar"), tabIndex: -1 }, html("div", { class: "arch", "aria-hidden": "true" }), avatar, top);
  return {
    element,
    top,
    plates,
    update(state) {
      const { name, persona } = state.persona;
      const known = state.screen !== "loading" || state.session !== null;
      if (known && avatar.getAttribute("persona") !== persona) avatar.setAttribute("persona", persona);
      avatar.setAttribute("aria-label", t("page.avatarNamed", { name }));
      avatar.mood = mood(state);
      nameplate.replaceChildren(html("strong", {}, name), html("span", {}, t("page.avatarKind")));
      element.dataset.doing = doing(state);
    },
  };
}
