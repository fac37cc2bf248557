// @ts-check
/** The view of a check of the face: the person's own picture, large, with an oval, and one advice at a time. */

import { html, setText } from "../shared/dom.js";
import { cameraHelp, optional } from "./call_texts.js";
import { challengeSign, countdown, progressRing, sweep } from "./check_signs.js";
import { advice, canCancel, openFaceCheck, remainingMs } from "./check_state.js";
import { focusIsFree, leaveFocus } from "./focus.js";
import { icon } from "./more_icons.js";
import { t } from "./strings.js";

/**
 * @typedef {import("./types.js").State} State
 * @typedef {import("./check_state.js").Check} Check
 * @typedef {import("./check_state.js").Advice} Advice
 * @typedef {{line: string, detail: string, symbol: string}} Words
 */

const TICK_MS = 200;

/** By key of `vision.liveness.commands.HintKey`. @type {Record<string, string>} */
export const HINT_SYMBOLS = {
  no_face: "face",
  more_faces: "people",
  closer: "closer",
  back: "back",
  left: "left",
  right: "right",
  up: "up",
  down: "down",
  face_camera: "face",
  level: "level",
  hold_still: "hold",
  more_light: "light",
  less_light: "light",
  backlight: "light",
  uncover: "face",
  blurred: "hold",
  steady: "check",
};

/** @type {Record<"passed" | "failed" | "unclear", string>} */
const RESULT_SYMBOLS = { passed: "check", failed: "close", unclear: "question" };

/**
 * @param {import("./types.js").Actions} actions
 * @returns {{element: HTMLElement, update: (state: State) => void}}
 */
export function checkView(actions) {
  const heading = html("h2", { id: "check-title", tabIndex: -1 });
  const step = html("span", { class: "check-step" });
  const guide = html("button", { type: "button", class: "chip guide", "aria-label": t("check.soundGuide.button") }, icon("sound"), html("span", {}, t("check.soundGuide.button")));
  guide.addEventListener("click", actions.toggleSoundGuide);
  const cancelLabel = html("span", {});
  const cancel = html("button", { type: "button", class: "chip cancel", onclick: actions.cancelCheck }, icon("close"), cancelLabel);
  const tools = html("div", { class: "check-tools" }, guide, cancel);
  const head = html("header", { class: "check-head" }, heading, step);
  const words = adviceLine(head, actions);
  const lens = lensView(actions);
  const element = html(
    "section",
    { class: "check", "aria-labelledby": "check-title", hidden: true },
    words.element,
    lens.element,
    tools,
  );

  let open = "";
  return {
    element,
    update(state) {
      const check = openFaceCheck(state);
      const hadFocus = element.contains(document.activeElement) || document.activeElement === document.body;
      element.hidden = !check;
      if (check) {
        const said = advice(check, state.camera);
        setText(heading, t(check.purpose === "scan" ? "check.title.scan" : "check.title.liveness"));
        setText(step, said.kind === "challenge" && said.challenge.count > 1 ? t("check.step", { index: said.challenge.index + 1, count: said.challenge.count }) : "");
        element.dataset.advice = said.kind;
        words.update(said, check, state);
        lens.update(said, check, state);
        guide.setAttribute("aria-pressed", String(state.soundGuide));
        if (check.result && tools.contains(document.activeElement)) heading.focus({ preventScroll: true });
        guide.hidden = check.result !== null;
        cancel.hidden = !check.cancellable || check.result !== null;
        cancel.setAttribute("aria-disabled", String(!canCancel(state) || state.link !== "open")); // `disabled` would throw the focus away.
        setText(cancelLabel, t(check.cancelled ? "check.cancelling.button" : "check.cancel.button"));
        cancel.setAttribute("aria-label", cancelLabel.textContent ?? "");
      } else {
        words.stop();
        lens.stop();
      }
      if (check && open !== check.requestId && focusIsFree()) heading.focus({ preventScroll: true });
      else if (!check && open && hadFocus) leaveFocus(state);
      open = check?.requestId ?? "";
    },
  };
}

/**
 * The advice in large type, with its sign and the time that is left; said to screen readers when it changes.
 * @param {HTMLElement} head
 * @param {import("./types.js").Actions} actions
 */
function adviceLine(head, actions) {
  const sign = html("div", { class: "check-sign", "aria-hidden": "true" });
  const line = html("p", { class: "check-line" });
  const detail = html("p", { class: "check-detail" });
  const count = countdown();
  const element = html("div", { class: "check-advice" }, sign, head, html("div", { class: "check-words", role: "status" }, line, detail), count.element);
  let shownSign = "";
  let timer = 0;
  let tick = () => {};
  const stop = () => {
    clearInterval(timer);
    timer = 0;
  };
  return {
    element,
    stop,
    /** @param {Advice} said @param {Check} check @param {State} state */
    update(said, check, state) {
      const words = wordsFor(said, check, state);
      setText(line, words.line);
      setText(detail, words.detail);
      element.classList.toggle("phrase", said.kind === "challenge" && said.challenge.phrase !== "");
      if (words.symbol !== shownSign) {
        shownSign = words.symbol;
        sign.replaceChildren(said.kind === "challenge" ? challengeSign(said.challenge.kind) : icon(words.symbol));
      }
      count.element.hidden = said.kind !== "challenge";
      if (said.kind !== "challenge") {
        stop();
        return;
      }
      const { challenge } = said;
      tick = () => count.show(remainingMs(challenge, actions.now(), state.avatar === "speaking"), challenge.limitMs);
      tick();
      timer ||= setInterval(() => tick(), TICK_MS);
    },
  };
}

/**
 * @param {Advice} said
 * @param {Check} check
 * @param {State} state
 * @returns {Words}
 */
function wordsFor(said, check, state) {
  const instructions = check.instructions || t(check.purpose === "scan" ? "check.instructions.scan" : "check.instructions.liveness");
  switch (said.kind) {
    case "result":
      return { line: t(`check.result.${said.result}`), detail: t(`check.result.${said.result}.detail`), symbol: RESULT_SYMBOLS[said.result] };
    case "camera": {
      const { line, detail } = cameraHelp(/** @type {"off" | "absent" | "lost"} */ (said.camera), state.cameraProblem, "face");
      return { line, detail, symbol: "cameraOff" };
    }
    case "challenge": {
      const { kind, phrase } = said.challenge;
      const task = t(`check.challenge.${kind}`);
      const hint = said.hint in HINT_SYMBOLS ? t(`check.hint.${said.hint}`) : "";
      return { line: phrase ? t("check.phrase", { phrase }) : task, detail: hint || (phrase ? task : ""), symbol: kind };
    }
    case "ended":
      return { line: t(said.passed ? "check.good" : "check.missed"), detail: "", symbol: said.passed ? "check" : "again" };
    case "hint":
      if (said.hint in HINT_SYMBOLS) return { line: t(`check.hint.${said.hint}`), detail: optional(`check.hint.${said.hint}.detail`), symbol: HINT_SYMBOLS[said.hint] };
      return { line: instructions, detail: "", symbol: "face" };
    default:
      return { line: instructions, detail: "", symbol: "face" };
  }
}

/**
 * The picture with the oval, and what lies over it.
 * @param {import("./types.js").Actions} actions
 */
function lensView(actions) {
  const video = html("video", { class: "lens-video", autoplay: true, muted: true, playsInline: true, "aria-label": t("check.picture") });
  const ring = progressRing();
  const bar = html("div", { class: "oval", role: "progressbar", "aria-label": t("check.progress"), "aria-valuemin": "0", "aria-valuemax": "100" }, ring.element);
  const arrows = sweep();
  const mark = html("div", { class: "lens-mark", "aria-hidden": "true", hidden: true });
  const button = html("button", { type: "button", class: "button primary" });
  const off = html("div", { class: "lens-off" }, icon("cameraOff"), button);
  button.addEventListener("click", () => (button.dataset.camera === "off" ? actions.toggleCamera() : actions.openCamera()));
  const lens = html("div", { class: "lens" }, video, bar, arrows.element, mark, off);
  let marked = "";
  return {
    element: html("div", { class: "lens-place" }, lens),
    stop() {
      video.srcObject = null;
    },
    /** @param {Advice} said @param {Check} check @param {State} state */
    update(said, check, state) {
      if (video.srcObject !== actions.stream()) video.srcObject = actions.stream();
      ring.show(check.fraction);
      bar.setAttribute("aria-valuenow", String(Math.round(check.fraction * 100)));
      lens.dataset.advice = said.kind === "hint" ? said.hint : said.kind;
      arrows.show(said.kind === "challenge" ? said.challenge.kind : said.kind === "hint" ? said.hint : "");
      const symbol = said.kind === "result" ? RESULT_SYMBOLS[said.result] : said.kind === "ended" ? (said.passed ? "check" : "again") : "";
      if (symbol !== marked) {
        marked = symbol;
        mark.hidden = !symbol;
        mark.dataset.symbol = symbol;
        mark.replaceChildren(...(symbol ? [icon(symbol)] : []));
      }
      off.hidden = said.kind !== "camera";
      if (said.kind === "camera") {
        button.dataset.camera = said.camera;
        setText(button, cameraHelp(/** @type {"off" | "absent" | "lost"} */ (said.camera), state.cameraProblem, "face").button);
      }
    },
  };
}
