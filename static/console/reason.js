// @ts-check
/** Asks why somebody opens what shows a person. The answer stands in the audit. */

import { html } from "../shared/dom.js";
import { dialog, field } from "./parts.js";

const SHORTEST_REASON = 5;

/** @param {string} title @param {string} label @param {(reason: string) => Promise<void>} act */
export function askReason(title, label, act) {
  const reason = field("Why do you open it?", html("textarea", { maxLength: 300, required: true }), "It is kept in the audit, with your name.");
  return dialog({
    title,
    label,
    body: [reason.element],
    submit: async () => {
      const text = reason.input.value.trim();
      reason.refuse(text.length < SHORTEST_REASON ? `Write ${SHORTEST_REASON} characters or more.` : "");
      if (text.length < SHORTEST_REASON) throw new Error("A reason is needed.");
      await act(text);
    },
  });
}
