// @ts-check
/** "Continue on your phone": the link as a code to scan, and to copy. */

import { html, setText } from "../shared/dom.js";
import { icon } from "./more_icons.js";
import { t } from "./strings.js";

/** How long "Copied" stands. */
const COPIED_MS = 2_500;

/** @param {import("./types.js").Actions} actions */
export function handoffDialog(actions) {
  const close = html("button", { type: "button", class: "icon-button", "aria-label": t("handoff.close.button"), onclick: actions.closeHandoff }, icon("close"));
  const title = html("h2", { id: "handoff-title", tabIndex: -1 }, t("handoff.title"));
  const picture = html("img", { class: "code-picture", alt: t("handoff.picture") });
  const waiting = html("div", { class: "code-picture bone-picture", "aria-hidden": "true" });
  const problem = html("p", { class: "soft", role: "status" });
  const link = html("input", { class: "field link", type: "text", readOnly: true, "aria-label": t("handoff.link"), onfocus: () => link.select() });
  const copied = html("span", { role: "status", class: "soft copied" });
  const copy = html("button", { type: "button", class: "button secondary", onclick: () => void copyLink(link, copied) }, icon("copy"), t("handoff.copy.button"));
  const element = html(
    "dialog",
    { class: "leave handoff", "aria-labelledby": "handoff-title" },
    html("header", {}, title, close),
    html("p", {}, t("handoff.lead")),
    waiting,
    picture,
    problem,
    html("div", { class: "link-row" }, link, copy),
    copied,
    html("p", { class: "soft note" }, t("handoff.private")),
  );
  element.addEventListener("cancel", (event) => {
    event.preventDefault();
    actions.closeHandoff();
  });
  return {
    element,
    /** @param {import("./types.js").State} state */
    update({ handoff }) {
      if (handoff?.picture && picture.src !== handoff.picture) picture.src = handoff.picture;
      picture.hidden = !handoff?.picture;
      waiting.hidden = !handoff || handoff.picture !== null || handoff.failed;
      setText(problem, handoff?.failed ? t("handoff.noPicture") : "");
      if (handoff && !element.open) {
        link.value = actions.sessionLink();
        copied.textContent = "";
        element.showModal();
        title.focus();
      } else if (!handoff && element.open) element.close();
    },
  };
}

/**
 * Browsers keep the clipboard from many frames; then the link is selected for the person to copy.
 * @param {HTMLInputElement} link
 * @param {HTMLElement} said
 */
async function copyLink(link, said) {
  try {
    await navigator.clipboard.writeText(link.value);
    said.textContent = t("handoff.copied");
  } catch {
    link.focus();
    link.select();
    said.textContent = t("handoff.copyByHand");
  }
  setTimeout(() => (said.textContent = ""), COPIED_MS);
}
