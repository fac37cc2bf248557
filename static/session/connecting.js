// @ts-check
/** The panel while the call is being set up. */

import { html } from "../shared/dom.js";
import { heading } from "./panel_parts.js";
import { MOST_ATTEMPTS } from "./peer.js";
import { t } from "./strings.js";

/** @param {import("./types.js").State} state @returns {import("./types.js").Panel} */
export function connectingPanel(state) {
  const lead = html("p", { class: "lead" });
  return {
    element: html("div", { class: "panel-body centred" }, html("div", { class: "pulse", "aria-hidden": "true" }), heading(t("connecting.heading", { name: state.persona.name })), lead),
    update({ attempt }) {
      lead.textContent = attempt > 1 ? t("connecting.again", { attempt, most: MOST_ATTEMPTS }) : t("connecting.lead");
    },
  };
}
