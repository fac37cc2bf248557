// @ts-check
/** The first panel: who asks, what this is, what is kept, and the way in. */

import { html } from "../shared/dom.js";
import { icon } from "./icons.js";
import { button, fact, heading } from "./panel_parts.js";
import { picker } from "./picker.js";
import { spokenLanguage } from "./state.js";
import { ownName, spokenName, t } from "./strings.js";
import { customText } from "./texts.js";

/**
 * @typedef {import("./types.js").State} State
 * @typedef {import("./types.js").Actions} Actions
 */

/** A device that is not itself a phone: going on with a phone may be of use. */
const HAS_MOUSE = "(hover: hover) and (pointer: fine)";

/** @param {State} state @param {Actions} actions @returns {import("./types.js").Panel} */
export function welcomePanel(state, actions) {
  const { name } = state.persona;
  const { rejoining, deviceProblem: problem } = state;
  const host = actions.askedBy();
  const text = (/** @type {string} */ key, /** @type {string} */ usual) => customText(state.welcome, key, state.language) || usual;
  const later = state.asksPermissions && !problem;
  const begin = problem ? t("page.tryAgain.button") : rejoining ? t("welcome.rejoin.button") : text("buttonText", t(later ? "page.startConversation.button" : "welcome.continue.button"));
  const language = picker("welcome-language", "globe", t("comfort.language"), actions.chooseLanguage);
  language.element.classList.add("compact");
  language.show(state.languages.length > 1 ? state.languages.map((id) => ({ id, label: ownName(id) })) : [], state.language);
  const element = html(
    "div",
    { class: "panel-body" },
    actions.brand(),
    html(
      "div",
      { class: "panel-top" },
      host && html("p", { class: "asked-by" }, icon("shield"), html("span", {}, `${t("welcome.requestedBy")} `, html("strong", {}, host))),
      language.element,
    ),
    heading(rejoining ? t("welcome.rejoinHeading") : text("mainHeading", t("welcome.heading", { name }))),
    html("p", { class: "lead" }, rejoining ? t("welcome.rejoinLead") : text("subheading", t("welcome.lead", { name }))),
    problem && html("div", { class: "help", role: "alert" }, icon("alert"), html("span", {}, html("strong", {}, t(`microphoneProblem.${problem}.title`)), html("span", { class: "soft" }, t(`microphoneProblem.${problem}.help`)))),
    facts(state, later),
    state.consentWanted && more(host),
    matchMedia(HAS_MOUSE).matches && html("div", {}, button(t("handoff.button"), actions.openHandoff, "link")),
    ways(state, actions, begin, later),
  );
  return { element };
}

/** @param {State} state @param {boolean} later whether the devices are asked for during the call */
function facts(state, later) {
  const { name } = state.persona;
  const spoken = spokenLanguage(state);
  return html(
    "ul",
    { class: "facts" },
    fact("spark", t("welcome.aiTitle", { name }), t("welcome.aiText")),
    !state.deviceProblem && fact("microphone", t("welcome.devicesTitle"), t(later ? "welcome.devicesLater" : "welcome.devicesText", { name })),
    state.consentWanted ? fact("shield", t("consent.keptTitle"), t(state.recordable.length > 0 ? "consent.keptWithRecording" : "consent.keptText")) : fact("keyboard", t("welcome.waysTitle"), t("welcome.waysText")),
    spoken !== state.language && fact("sound", t("welcome.spokenTitle", { language: spokenName(spoken) }), t("welcome.spokenIn", { name })),
  );
}

/** What the few words above leave out. @param {string} host empty when it is not known who asks */
const more = (host) =>
  html(
    "details",
    { class: "more" },
    html("summary", {}, t("consent.more")),
    ...[host ? t("consent.whoKnown", { host }) : t("consent.who"), t("consent.howLong"), t("consent.machine"), t("consent.people")].map((words) => html("p", { class: "soft" }, words)),
  );

/**
 * @param {State} state
 * @param {Actions} actions
 * @param {string} begin what the button says that goes on
 * @param {boolean} later
 */
function ways(state, actions, begin, later) {
  const { deviceProblem: problem, consentWanted, recordable } = state;
  const canRetry = problem !== "insecure" && problem !== "embed_denied";
  const own = button(t("welcome.ownWindow.button"), () => void window.open(location.href, "_blank", "noopener"), "secondary");
  const typing = button(t(problem ? "welcome.typing.button" : "welcome.withoutMicrophone.button"), actions.typeOnly, problem && !canRetry ? "primary" : "secondary");
  const decline = consentWanted && button(t("consent.decline.button"), () => actions.dispatch("askDecline"), "secondary");
  return html(
    "div",
    { class: "actions" },
    consentWanted && html("p", { class: "agreement" }, t("consent.agree", { button: begin })),
    consentWanted && recordable.length > 0 && recordingChoice(state, actions),
    canRetry && button(begin, later ? actions.begin : actions.allow),
    problem === "embed_denied" && own,
    (!later || decline) && html("div", { class: "button-row" }, !later && typing, decline),
  );
}

/** Being recorded is no part of what going on agrees to: it is left out unless it is ticked. @param {State} state @param {Actions} actions */
function recordingChoice({ recordable, recordingAgreed }, actions) {
  const what = !recordable.includes("userVideo") ? "sound" : recordable.length > 1 ? "both" : "picture";
  const box = html("input", { type: "checkbox", checked: recordingAgreed, onchange: () => actions.chooseRecording(box.checked), "aria-describedby": "record-hint" });
  return html(
    "div",
    { class: "recording-choice" },
    html("label", {}, box, html("span", {}, t(`consent.record.${what}`))),
    html("p", { id: "record-hint", class: "soft" }, t("consent.recordHint")),
  );
}
