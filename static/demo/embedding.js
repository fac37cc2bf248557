// @ts-check
/** The three ways to put a session into a page, and what each lets the page hear. */

import { html } from "../shared/dom.js";

/**
 * @typedef {import("./state.js").Variant} Variant
 *
 * @typedef {object} Heard what the page does with what it hears
 * @property {(type: string, text: string) => void} message
 * @property {(sessionId: string, status: string) => void} finished
 * @property {() => void} closed
 */

/** Devices that the session page asks the browser for. */
const ALLOW = "camera; microphone; autoplay; fullscreen";

/** What of each event is worth a line. @type {Record<string, (detail: any) => string>} */
const LINES = {
  ready: () => "",
  permission: ({ microphone, camera }) => `microphone ${microphone}, camera ${camera}`,
  state: ({ state }) => state,
  node: ({ nodeId, nodeType }) => `${nodeId} (${nodeType})`,
  caption: ({ speaker, text, final }) => (final ? `${speaker}: ${text}` : ""),
  error: ({ code, recoverable }) => `${code}${recoverable ? "" : ", for good"}`,
  finished: ({ status }) => status,
  close: () => "",
};

/**
 * An element that holds the session.
 * @param {Variant} variant
 * @param {string} url with the client secret
 * @param {Heard} heard
 * @param {AbortSignal} signal ends the listening
 * @returns {HTMLElement}
 */
export const embed = (variant, url, heard, signal) => (variant === "iframe" ? plainFrame(url, heard, signal) : widget(variant, url, heard, signal));

/** @param {"inline" | "modal"} mode @param {string} url @param {Heard} heard @param {AbortSignal} signal */
function widget(mode, url, heard, signal) {
  const element = document.createElement("visavis-session");
  element.setAttribute("mode", mode);
  element.setAttribute("captions", "");
  if (mode === "modal") element.setAttribute("open", "");
  element.setAttribute("src", url);
  element.className = "session";
  for (const [type, line] of Object.entries(LINES)) {
    const listen = (/** @type {any} */ { detail }) => {
      const text = line(detail ?? {});
      if (type !== "caption" || text) heard.message(type, text);
      if (type === "finished") heard.finished(detail.sessionId, detail.status);
      if (type === "close") heard.closed();
    };
    element.addEventListener(`visavis-${type}`, listen, { signal });
  }
  return element;
}

/** A plain frame tells its end only, as a JSON string. @param {string} url @param {Heard} heard @param {AbortSignal} signal */
function plainFrame(url, heard, signal) {
  const frame = html("iframe", { class: "session", src: url, allow: ALLOW, title: "Conversation with the avatar" });
  const { origin } = new URL(url);
  const listen = (/** @type {MessageEvent} */ event) => {
    if (event.origin !== origin || event.source !== frame.contentWindow || typeof event.data !== "string") return;
    const message = parsed(event.data);
    if (message?.message !== "SESSION_FINISHED") return;
    heard.message("SESSION_FINISHED", String(message.status));
    heard.finished(message.sessionId, message.status);
  };
  addEventListener("message", listen, { signal });
  return frame;
}

/** @param {string} text @returns {any} */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * The lines of code that a variant needs.
 * @param {Variant} variant
 * @param {string} origin of Visavis
 */
export function snippet(variant, origin) {
  if (variant === "iframe") {
    return `<iframe src="${origin}/?cs=…"
  allow="${ALLOW}">
</iframe>

<script>
  addEventListener("message", (event) => {
    if (event.origin !== "${origin}") return;
    const { message, status } =
      JSON.parse(event.data);
    if (message === "SESSION_FINISHED") showResult(status);
  });
</script>`;
  }
  return `<script type="module"
  src="${origin}/static/widget/visavis-session.js">
</script>

<visavis-session${variant === "modal" ? ' mode="modal" open' : ""}
  src="${origin}/?cs=…">
</visavis-session>

<script>
  document.querySelector("visavis-session")
    .addEventListener("visavis-finished",
      ({ detail }) => showResult(detail.status));
</script>`;
}
