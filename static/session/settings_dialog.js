// @ts-check
/** The sheet for comfort and devices, during the call. */

import "./meter.js";
import { html } from "../shared/dom.js";
import { CAPTION_SIZES, SPEECH_RATES } from "./comfort.js";
import { deviceMenu } from "./device_menu.js";
import { segments, toggle } from "./form_parts.js";
import { icon } from "./more_icons.js";
import { picker } from "./picker.js";
import { ownName, t } from "./strings.js";

/** @typedef {import("./types.js").State} State */

const LANGUAGE_ID = "page-language";

/** @param {import("./types.js").Actions} actions */
export function settingsDialog(actions) {
  const close = html("button", { type: "button", class: "icon-button", "aria-label": t("comfort.close.button"), onclick: () => actions.dispatch("closeSettings") }, icon("close"));
  const title = html("h2", { id: "settings-title", tabIndex: -1 }, t("comfort.title"));
  const parts = [comfortPart(actions), languagePart(actions), devicesPart(actions)];
  const phone = html("button", { type: "button", class: "button secondary", onclick: actions.openHandoff }, icon("phone"), t("handoff.button"));
  const element = html(
    "dialog",
    { class: "sheet", "aria-labelledby": "settings-title" },
    html("header", {}, title, close),
    html("div", { class: "sheet-body" }, ...parts.map((part) => part.element), phone),
  );
  element.addEventListener("cancel", (event) => {
    event.preventDefault();
    actions.dispatch("closeSettings");
  });
  element.addEventListener("click", (event) => event.target === element && actions.dispatch("closeSettings")); // Beside the sheet.
  return {
    element,
    /** @param {State} state */
    update(state) {
      const open = state.settingsOpen !== null && state.screen === "call";
      if (open) for (const part of parts) part.update(state);
      if (open && !element.open) {
        actions.listDevices();
        element.showModal();
        (document.getElementById(state.settingsOpen === "language" ? LANGUAGE_ID : "") ?? title).focus();
      } else if (!open && element.open) element.close();
    },
  };
}

/** @param {import("./types.js").Actions} actions */
function comfortPart(actions) {
  const size = segments("caption-size", t("comfort.size"), CAPTION_SIZES.map((value) => ({ value, label: t(`comfort.size.${value}`) })), (captionSize) => actions.comfort({ captionSize }));
  const rate = segments("speech-rate", t("comfort.rate"), SPEECH_RATES.map((value) => ({ value, label: t(`comfort.rate.${value}`) })), (speechRate) => actions.comfort({ speechRate }));
  const captions = toggle("captions-shown", t("comfort.captions"), t("comfort.captionsHint"), () => actions.dispatch("captions"));
  const time = toggle("extra-time", t("comfort.time"), t("comfort.timeHint"), (extraTime) => actions.comfort({ extraTime }));
  const contrast = toggle("high-contrast", t("comfort.contrast"), "", (on) => actions.comfort({ contrast: on }));
  return {
    element: html("section", { "aria-label": t("comfort.reading") }, captions.element, size.element, rate.element, time.element, contrast.element),
    /** @param {State} state */
    update({ comfort, captions: shown }) {
      captions.show(shown);
      size.show(comfort.captionSize);
      rate.show(comfort.speechRate);
      time.show(comfort.extraTime);
      contrast.show(comfort.contrast);
    },
  };
}

/** @param {import("./types.js").Actions} actions */
function languagePart(actions) {
  const choose = (/** @type {string} */ id) => {
    actions.dispatch("openLanguage"); // All is built anew, and the focus comes back to this list.
    actions.chooseLanguage(id);
  };
  const list = picker(LANGUAGE_ID, "globe", t("comfort.language"), choose);
  return {
    element: list.element,
    /** @param {State} state */
    update({ languages, language }) {
      list.show(languages.length > 1 ? languages.map((id) => ({ id, label: ownName(id) })) : [], language);
    },
  };
}

/** @param {import("./types.js").Actions} actions */
function devicesPart(actions) {
  const menu = deviceMenu(actions);
  const meter = /** @type {import("./meter.js").LevelMeterElement} */ (document.createElement("level-meter"));
  meter.setAttribute("aria-label", t("ready.level"));
  meter.source = actions.level;
  const video = html("video", { class: "sheet-preview", autoplay: true, muted: true, playsInline: true, "aria-label": t("page.yourCamera") });
  return {
    element: html("section", { "aria-labelledby": "devices-heading" }, html("h3", { id: "devices-heading" }, t("devices.title")), menu.element, meter, video),
    /** @param {State} state */
    update(state) {
      menu.update(state);
      meter.hidden = state.microphone !== "live";
      video.hidden = state.camera !== "on";
      const stream = video.hidden ? null : actions.stream();
      if (video.srcObject !== stream) video.srcObject = stream;
    },
  };
}
