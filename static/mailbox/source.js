// @ts-check
/** Where the messages come from: the API with a test key, or in the demo the demo's own server without one. */

/**
 * @typedef {{id: string, sessionId: string, channel: "email" | "sms", to: string, subject: string, text: string,
 *   html: string, createdAt: number}} Message
 */

const TIMEOUT_MS = 10_000;

/** Whether this is the demo's mailbox, which needs no key. */
export const inDemo = location.pathname.startsWith("/demo/");

/** A failure that the reader can do something about. */
export class SourceError extends Error {
  /** @param {string} message @param {boolean} keyRefused */
  constructor(message, keyRefused) {
    super(message);
    this.keyRefused = keyRefused;
  }
}

/**
 * Fetch the messages, newest first. Throws SourceError.
 * @param {string} key test key; empty in the demo
 * @returns {Promise<Message[]>}
 */
export async function fetchMessages(key) {
  const path = inDemo ? "/demo/mailbox/messages" : "/sandbox/mailbox";
  /** @type {Record<string, string>} */
  const headers = key ? { Authorization: `Bearer ${key}` } : {};
  let response;
  try {
    response = await fetch(path, { headers, cache: "no-store", signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch {
    throw new SourceError("The server does not answer. Trying again…", false);
  }
  const body = await response.json().catch(() => null);
  if (response.ok && Array.isArray(body?.messages)) return body.messages;
  const refused = response.status === 401 || response.status === 403;
  throw new SourceError(body?.error?.message ?? `The server answered with status ${response.status}.`, refused);
}

/**
 * The code in a message, if it carries one.
 * @param {Message} message
 */
export function codeIn(message) {
  return /(?<!\d)\d{4,8}(?!\d)/.exec(message.text)?.[0] ?? "";
}
