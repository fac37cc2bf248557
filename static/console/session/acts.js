// @ts-check
/** What an agent can do in the session. What is not possible stays visible and says why. */

import { html, setText } from "../../shared/dom.js";
import { button, dialog, field, select, toast } from "../parts.js";
import { LevelMeter, noMicrophone } from "./microphone.js";

const LONGEST_LINE = 500;
const SHORTEST_REASON = 5;
const NO_MICROPHONE = "Your microphone cannot be used: allow it for this page, or plug one in. You can still write lines that the avatar says.";

/**
 * @typedef {object} Situation
 * @property {boolean} ended
 * @property {{id: string, name: string} | null} holder
 * @property {string} nodeId
 * @property {{key: string, label: string, target: string}[]} outcomes of the current node
 */

/**
 * @param {object} tools
 * @param {import("../api.js").Api} tools.api
 * @param {string} tools.path of the session, below /console/api
 * @param {import("../api.js").Staff} tools.staff
 * @param {import("../call.js").Call} tools.call
 */
export function acts({ api, path, staff, call }) {
  const may = (/** @type {string} */ permission) => staff.permissions.includes(permission);
  const act = (/** @type {Record<string, unknown>} */ body) => api.post(`${path}/acts`, body);
  /** @type {Situation} */
  let situation = { ended: false, holder: null, nodeId: "", outcomes: [] };
  let listening = false;
  let busy = false;

  const listen = button("Listen", { icon: "speaking", onclick: () => hear(!listening) });
  const volume = html("input", { type: "range", min: "0", max: "1", step: "0.05", value: "1", "aria-label": "Volume", hidden: true, oninput: () => call.listen(listening, Number(volume.value)) });
  const take = button("Take over", { icon: "held", kind: "primary", onclick: () => void (holding() ? handBack() : takeOver()) });
  const skip = button("Skip node", { onclick: () => void trying(() => act({ type: "skip" })) });
  const force = button("Force outcome", { onclick: () => void askOutcome() });
  const end = button("End session", { kind: "danger", onclick: () => void askEnd() });
  const line = field("Line that the avatar says", html("textarea", { rows: 2, maxLength: LONGEST_LINE, placeholder: "Whisper a line …", onkeydown: onLineKey, oninput: count }));
  const left = html("span", { class: "soft" });
  const send = button("Send", { onclick: () => void whisper() });
  const level = html("meter", { min: 0, max: 1, value: 0, "aria-label": "Level of your microphone" });
  const live = html("div", { class: "on-air", role: "status", hidden: true }, html("strong", {}, "You are live"), html("span", {}, "The person hears you. The flow waits."), level);
  const silence = noMicrophone({ use: (deviceId) => void useMicrophone(deviceId), handBack: () => void handBack() });
  const why = html("p", { class: "soft", role: "status" });
  const element = html(
    "section",
    { class: "card acts", "aria-label": "What you can do" },
    live,
    silence.element,
    html("div", { class: "act-row" }, may("listen") && listen, volume, may("take_over") && take),
    may("whisper") && html("div", { class: "whisper" }, line.element, html("div", { class: "act-row" }, left, send)),
    may("decide") && html("div", { class: "act-row" }, skip, force, end),
    why,
  );
  const meter = new LevelMeter(level);
  call.onMicrophoneLost = () => {
    meter.stop();
    showMicrophone("Your microphone was unplugged, or taken away from this page.");
  };
  count();

  const holding = () => situation.holder?.id === staff.id;

  function count() {
    setText(left, `${line.input.value.length} of ${LONGEST_LINE}`);
  }

  /** @param {KeyboardEvent} event */
  function onLineKey(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    void whisper();
  }

  /** @param {() => Promise<unknown>} what */
  async function trying(what) {
    if (busy) return false;
    busy = true;
    try {
      await what();
      return true;
    } catch (/** @type {any} */ error) {
      toast(error.message, "danger");
      return false;
    } finally {
      busy = false;
    }
  }

  /** @param {boolean} wanted */
  function hear(wanted) {
    listening = wanted;
    listen.setAttribute("aria-pressed", String(wanted));
    listen.lastChild?.replaceWith(wanted ? "Listening" : "Listen");
    volume.hidden = !wanted;
    call.listen(wanted, Number(volume.value));
  }

  async function whisper() {
    const text = line.input.value.trim();
    if (!text) return line.refuse("Write a line first.");
    line.refuse("");
    if (await trying(() => act({ type: "whisper", text }))) {
      line.input.value = "";
      count();
    }
  }

  async function takeOver() {
    await trying(async () => {
      let stream;
      try {
        stream = await call.speak();
      } catch {
        throw new Error(NO_MICROPHONE);
      }
      try {
        await act({ type: "takeOver" });
      } catch (error) {
        await call.hush();
        throw error;
      }
      meter.follow(stream);
      if (!listening && may("listen")) hear(true);
    });
  }

  /** @param {string} deviceId */
  const useMicrophone = (deviceId) =>
    trying(async () => {
      try {
        meter.follow(await call.speak(deviceId));
      } catch {
        throw new Error(NO_MICROPHONE);
      }
      showMicrophone("");
    });

  /** Whoever holds the session is live, or told that nobody hears them. @param {string} lost why there is none, when that is known */
  function showMicrophone(lost) {
    const silent = holding() && !call.speaking;
    live.hidden = !holding() || silent;
    if (silent) silence.show(lost || "This page sends no microphone.");
    else silence.hide();
  }

  const handBack = () =>
    trying(async () => {
      await act({ type: "handBack" });
      await stopSpeaking();
    });

  async function stopSpeaking() {
    meter.stop();
    await call.hush();
  }

  async function askOutcome() {
    const nodeId = situation.nodeId;
    const choices = Object.fromEntries(situation.outcomes.map(({ key, label }) => [key, label || key]));
    if (!Object.keys(choices).length) return toast("This node has no outcome to choose.", "warn");
    const outcome = field("Outcome", select(choices, Object.keys(choices)[0]));
    const reason = reasonField();
    await dialog({
      title: `Decide “${nodeId}”`,
      body: [html("p", { class: "soft" }, "The report and the verdict say that a person decided this."), outcome.element, reason.element],
      label: "Force outcome",
      submit: async () => act({ type: "force", nodeId, outcome: outcome.input.value, reason: given(reason) }),
    });
  }

  async function askEnd() {
    const reason = reasonField();
    await dialog({
      title: "End this session",
      body: [html("p", { class: "soft" }, "The person is told that it is over. It cannot be taken up again."), reason.element],
      label: "End session",
      danger: true,
      submit: async () => act({ type: "end", reason: given(reason) }),
    });
  }

  return {
    element,
    line: line.input,
    take,
    listen,
    /** @param {Situation} next */
    update(next) {
      const held = holding();
      situation = next;
      if (held && !holding()) void stopSpeaking();
      const other = next.holder && next.holder.id !== staff.id ? next.holder.name : "";
      take.lastChild?.replaceWith(holding() ? "Hand back" : "Take over");
      showMicrophone("");
      for (const each of [take, skip, force, end, send]) each.disabled = next.ended || (Boolean(other) && each !== end);
      listen.disabled = next.ended;
      line.input.disabled = next.ended || Boolean(other);
      setText(why, next.ended ? "The session has ended." : other ? `${other} talks to the person just now; you can look on.` : holding() ? "Lines that you write are shown to the person, not spoken." : "");
    },
    close() {
      silence.close();
      void stopSpeaking();
    },
  };
}

const reasonField = () => field("Reason", html("textarea", { rows: 3, maxLength: 300, required: true }), "It stands in the audit: name no person.");

/** @param {ReturnType<typeof reasonField>} reason */
function given(reason) {
  const text = reason.input.value.trim();
  reason.refuse(text.length < SHORTEST_REASON ? `Write at least ${SHORTEST_REASON} characters.` : "");
  if (text.length < SHORTEST_REASON) throw new Error("Say why.");
  return text;
}
