// @ts-check
/** A review on the report: why a person is asked, what others decided, and the form to decide. */

import { html } from "../shared/dom.js";
import { dateTime } from "./format.js";
import { button, card, field } from "./parts.js";
import { DECIDED, DECISIONS, REVIEW_STATES, textOf } from "./texts.js";
import { causeBadges } from "./views/reviews.js";

const SHORTEST_REASON = 5;

/**
 * @param {import("./views/reviews.js").Review} review @param {boolean} may
 * @param {(decision: string, reason: string) => Promise<void>} decide
 */
export function reviewCard(review, may, decide) {
  const judgements = review.judgements.map(({ by, at, decision, reason }) =>
    html("li", {}, html("strong", {}, decision ? textOf(DECIDED, decision) : "Judged"), html("small", { class: "soft" }, ` ${by}, ${dateTime(at)}`), reason && html("p", {}, reason)),
  );
  const open = may && review.state !== "decided" && !review.mine;
  return card(
    review.decision ? `Review: ${textOf(DECIDED, review.decision).toLowerCase()}` : `Review: ${textOf(REVIEW_STATES, review.state).toLowerCase()}`,
    causeBadges(review.causes),
    judgements.length > 0 && html("ul", { class: "judgements" }, ...judgements),
    open && form(decide),
    review.mine && review.state !== "decided" && html("p", { class: "soft" }, "You have judged this session; another person has to look at it too."),
  );
}

/** @param {(decision: string, reason: string) => Promise<void>} decide */
function form(decide) {
  const choices = Object.entries(DECISIONS).map(([value, text]) => html("label", { class: "choice" }, html("input", { type: "radio", name: "decision", value }), text));
  const reason = field("Reason", html("textarea", { maxLength: 1000 }), "It goes into the report.");
  const problem = html("p", { class: "problem", role: "alert" });
  const send = button("Decide", { kind: "primary", type: "submit" });
  const element = html("form", { class: "stack", noValidate: true }, html("fieldset", {}, html("legend", {}, "Decision"), ...choices), reason.element, problem, html("div", { class: "actions" }, send));
  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    const chosen = new FormData(element).get("decision");
    const text = reason.input.value.trim();
    problem.textContent = chosen ? "" : "Choose one of the three.";
    reason.refuse(text.length < SHORTEST_REASON ? `Write why, in ${SHORTEST_REASON} characters or more.` : "");
    if (!chosen || text.length < SHORTEST_REASON || send.disabled) return;
    send.disabled = true;
    try {
      await decide(String(chosen), text);
    } catch (/** @type {any} */ error) {
      problem.textContent = error.message;
      send.disabled = false;
    }
  });
  return element;
}
