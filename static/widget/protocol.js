// @ts-check
/** The embedder's half of the embedding protocol, version 1 (`docs/embedding.md`): what a session page may say. */

export const VERSION = 1;

/** Custom properties of the element, `--visavis-…`, and the tokens of the page that they set. */
export const TOKENS = Object.freeze(["accent", "on-accent", "ground", "surface", "ink", "ink-soft", "line", "radius", "font"]);

/** @typedef {(value: unknown) => boolean} Check */

/** @param {number} most characters @returns {Check} */
const text = (most) => (value) => typeof value === "string" && value.length <= most;
/** @type {Check} */
const word = (value) => typeof value === "string" && /^[A-Za-z][\w-]{0,63}$/.test(value);
/** @type {Check} */
const flag = (value) => typeof value === "boolean";
/** @type {Check} */
const size = (value) => typeof value === "number" && value >= 0 && value <= 100_000;
/** @param {...string} choices @returns {Check} */
const oneOf = (...choices) => (value) => typeof value === "string" && choices.includes(value);
/** @type {Check} */
const texts = (value) => Array.isArray(value) && value.length <= 60 && value.every(text(200));

const PERMISSION = oneOf("granted", "denied", "absent", "prompt");

/** Fields of every message. @type {Record<string, Record<string, Check>>} */
const FIELDS = {
  ready: { sessionId: text(100), locale: text(20), refused: texts },
  permission: { microphone: PERMISSION, camera: PERMISSION },
  state: { state: word },
  node: { nodeId: text(200), nodeType: word },
  caption: { speaker: oneOf("avatar", "user"), text: text(10_000), final: flag },
  error: { code: word, recoverable: flag },
  resize: { width: size, height: size },
  finished: { sessionId: text(100), status: oneOf("complete", "incomplete") },
  close: {},
};

/**
 * @param {unknown} data of a message event
 * @returns {({type: string} & Record<string, any>) | null} the fields that are known, and no more; null for anything else
 */
export function readMessage(data) {
  if (typeof data !== "object" || data === null) return null;
  const { visavis, type, ...values } = /** @type {Record<string, unknown>} */ (data);
  if (visavis !== VERSION || typeof type !== "string" || !Object.hasOwn(FIELDS, type)) return null;
  /** @type {{type: string} & Record<string, any>} */
  const message = { type };
  for (const [name, check] of Object.entries(FIELDS[type])) {
    if (!check(values[name])) return null;
    message[name] = values[name];
  }
  if (type === "error") message.fix = text(1_000)(values.fix) ? values.fix : "";
  return message;
}

/** Whether a message claims to be ours: those of others on the embedding page are none of our business. @param {unknown} data */
export const claimsToBeOurs = (data) => typeof data === "object" && data !== null && "visavis" in data;
