// @ts-check

/** English. @type {import("../strings.js").Catalogue} */
export default {
  "consent.title": "Before we begin",
  "call.attempt": "Connection lost. Reconnecting, attempt {attempt} of {most}…",
};
