// @ts-check
/** Words of the console for names of the wire. A name that is not here is shown by its own words (`format.words`). */

import { sentence } from "./format.js";

/** @type {Record<string, string>} */
export const STATES = {
  connecting: "Connecting",
  speaking: "Avatar speaks",
  listening: "Listening",
  hearing: "Person speaks",
  thinking: "Thinking",
  waiting: "Waiting",
  checking: "Checking",
  away: "Away",
  held: "With an agent",
};

/** @type {Record<string, string>} */
export const RISKS = { none: "None", low: "Low", high: "High" };

/** @type {Record<string, string>} */
export const NETWORKS = { unknown: "Not known", good: "Good", fair: "Fair", poor: "Poor" };

/** @type {Record<string, string>} */
export const OUTCOMES = { verified: "Verified", unverified: "Not verified", incomplete: "Incomplete", expired: "Expired" };

/** @type {Record<string, string>} */
export const STATUSES = { created: "Not started", inProgress: "Running", complete: "Complete", incomplete: "Incomplete" };

/** @type {Record<string, string>} */
export const DECISIONS = { approve: "Approve", decline: "Decline", again: "Ask again" };

/** @type {Record<string, string>} */
export const DECIDED = { approve: "Approved", decline: "Declined", again: "To be asked again" };

/** @type {Record<string, string>} */
export const CAUSES = {
  duress: "Sign of duress",
  injection: "Tried to instruct the system",
  forced_by_agent: "An agent forced an outcome",
  doubt: "An answer was in doubt",
  another_person: "Another person in the picture",
  camera_doubtful: "Doubtful camera",
  document_unconfirmed: "Document not confirmed",
  inconclusive: "Check came to no answer",
  near_limit: "Close to the limit",
  not_checked: "A check was not made",
};

/** @type {Record<string, string>} */
export const REVIEW_STATES = { open: "Waiting", second: "Waiting for a second person", disputed: "Reviewers disagree", decided: "Decided" };

/** @type {Record<string, string>} what each role is for */
export const ROLES = {
  viewer: "Sees which sessions run, and the numbers",
  agent: "Watches, whispers, takes over, decides in running sessions",
  reviewer: "Opens reports and pictures, decides reviews",
  supervisor: "Everything of agents and reviewers, and alerts",
  auditor: "Reads the audit and masked reports",
  admin: "Manages staff and alerts, reads the audit; sees no people",
};

/** @type {Record<string, string>} */
const ACTIONS = {
  "staff.signed_in": "Signed in",
  "staff.signed_out": "Signed out",
  "staff.locked_out": "Locked out after wrong tries",
  "staff.created": "Made an account",
  "staff.changed": "Changed an account",
  "session.watched": "Began to watch",
  "session.left": "Stopped watching",
  "session.media_joined": "Joined with picture or sound",
  "session.whispered": "Whispered a line",
  "session.taken_over": "Took over",
  "session.handed_back": "Handed back",
  "session.skipped": "Skipped a node",
  "session.forced": "Forced an outcome",
  "session.ended": "Ended the session",
  "session.act_refused": "An act was refused",
  "session.redacted": "Redacted",
  "session.deleted": "Deleted",
  "media.opened": "Opened a picture or recording",
  "report.opened": "Opened the report",
  "review.decided": "Decided a review",
  "verdict.reached": "Verdict",
  "alerts.changed": "Changed alerts",
};

/** @param {string} action of the audit */
export const actionText = (action) => textOf(ACTIONS, action);

/** @param {Record<string, string>} table @param {string | null | undefined} name */
export const textOf = (table, name) => (name ? (Object.hasOwn(table, name) ? table[name] : sentence(name)) : "–");
