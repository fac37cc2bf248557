// @ts-check
/** Pickers for microphone, camera and loudspeaker. */

import { html } from "../shared/dom.js";
import { picker } from "./picker.js";
import { t } from "./strings.js";

/** @typedef {import("./device_state.js").Gear} Gear */

/** @type {readonly [Gear, string][]} */
const GEAR = [["microphone", "microphone"], ["camera", "camera"], ["speaker", "sound"]];

/** @param {import("./types.js").Actions} actions */
export function deviceMenu(actions) {
  const pickers = GEAR.map(([gear, symbol]) => ({ gear, ...picker(`device-${gear}`, symbol, t(`devices.${gear}`), (id) => actions.chooseDevice(gear, id)) }));
  const none = html("p", { class: "soft" }, t("devices.namesLater"));
  const element = html("div", { class: "device-menu" }, ...pickers.map((part) => part.element), none);
  return {
    element,
    /** @param {import("./types.js").State} state */
    update({ choices, chosen, documentCamera }) {
      for (const { gear, show } of pickers) show(gear === "camera" && documentCamera ? [] : choices[gear], chosen[gear]);
      none.hidden = GEAR.some(([gear]) => choices[gear].length > 0);
    },
  };
}
