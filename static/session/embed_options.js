// @ts-check
/** What an embedding page may wish for, checked field by field. Nothing of it is trusted: it comes from another origin. */

import { suitableLanguage } from "./strings.js";

/**
 * @typedef {object} Options
 * @property {"auto" | "light" | "dark"} theme
 * @property {Record<string, string>} tokens custom properties of `tokens.css`, by the names of `TOKENS`
 * @property {string} logo a `data:` address of a picture; empty = none
 * @property {Record<string, string>} strings texts in place of the page's own, by key of the catalogues
 * @property {string} locale id of `LANGUAGES`; empty = the server's choice
 * @property {boolean} captions whether the embedding page hears what is said
 */

/** Texts that an embedding page may choose: names and headings, never what is said of devices, data or law. */
export const PUBLIC_STRINGS = Object.freeze([
  "page.title",
  "page.startConversation.button",
  "welcome.heading",
  "welcome.lead",
  "welcome.continue.button",
  "welcome.withoutMicrophone.button",
  "welcome.rejoinHeading",
  "welcome.rejoinLead",
  "connecting.heading",
  "ready.heading",
]);

/** Characters of the longest text that an embedding page may set. */
const MOST_CHARACTERS = 300;

/** 200 kB as base64, and the head of the address. */
const MOST_LOGO_CHARACTERS = 270_000;

const LOGO = /^data:image\/(?:png|jpeg|webp|gif|svg\+xml);base64,[A-Za-z0-9+/]+={0,2}$/;
const LOCALE = /^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8}){0,3}$/;
const THEMES = new Set(["auto", "light", "dark"]);

/** Words that are valid for any property, and would undo a token instead of setting it (CSS Cascade 5, §7). */
const CASCADE_WORDS = /^(?:inherit|initial|unset|revert|revert-layer|currentcolor)$/i;

/** @type {Record<string, (value: string) => boolean>} */
const KINDS = {
  colour: (value) => /^[#\w\s(),.%/+-]{1,64}$/.test(value) && !/\b(?:url|var|env|attr|image)/i.test(value) && CSS.supports("color", value),
  length: (value) => /^(?:\d|[1-3]\d|40)(?:\.\d+)?px$|^[0-2](?:\.\d+)?rem$/.test(value),
  font: (value) => /^[\p{L}\d\s,"'_-]{1,200}$/u.test(value) && CSS.supports("font-family", value),
};

/** Tokens that an embedding page may set: the custom property behind each, and what its value is. */
export const TOKENS = Object.freeze({
  "--accent": { property: "--accent", kind: "colour" },
  "--on-accent": { property: "--on-accent", kind: "colour" },
  "--ground": { property: "--ground", kind: "colour" },
  "--surface": { property: "--surface", kind: "colour" },
  "--ink": { property: "--ink", kind: "colour" },
  "--ink-soft": { property: "--ink-soft", kind: "colour" },
  "--line": { property: "--line", kind: "colour" },
  "--radius": { property: "--radius", kind: "length" },
  "--font": { property: "--sans", kind: "font" },
});

/** @param {unknown} value @returns {value is Record<string, unknown>} */
export const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * @param {unknown} wishes `options` of a `hello`
 * @returns {{options: Options, refused: string[]}} what may be done, and the names of what may not
 */
export function readOptions(wishes) {
  /** @type {string[]} */
  const refused = [];
  /** @type {Options} */
  const options = { theme: "auto", tokens: {}, logo: "", strings: {}, locale: "", captions: false };
  for (const [name, value] of Object.entries(isRecord(wishes) ? wishes : {})) {
    if (value === undefined || value === null || value === "") continue;
    const reader = Object.hasOwn(READERS, name) ? READERS[name] : null;
    if (reader) reader(options, value, refused);
    else refused.push(name.slice(0, 40));
  }
  return { options, refused };
}

/** @type {Record<string, (options: Options, value: unknown, refused: string[]) => void>} */
const READERS = {
  theme: (options, value, refused) => {
    if (THEMES.has(String(value))) options.theme = /** @type {Options["theme"]} */ (value);
    else refused.push("theme");
  },
  captions: (options, value, refused) => {
    if (typeof value === "boolean") options.captions = value;
    else refused.push("captions");
  },
  logo: (options, value, refused) => {
    if (typeof value === "string" && value.length <= MOST_LOGO_CHARACTERS && LOGO.test(value)) options.logo = value;
    else refused.push("logo");
  },
  locale: (options, value, refused) => {
    if (typeof value !== "string" || !LOCALE.test(value)) return void refused.push("locale");
    const id = suitableLanguage([value]);
    if (id !== "en" || /^en\b/i.test(value)) options.locale = id;
    else refused.push("locale");
  },
  tokens: (options, value, refused) => {
    for (const [name, text] of entries(value, refused, "tokens")) {
      if (isToken(name, text)) options.tokens[name] = text.trim();
      else refused.push(`tokens.${name.slice(0, 40)}`);
    }
  },
  strings: (options, value, refused) => {
    for (const [key, text] of entries(value, refused, "strings")) {
      const allowed = PUBLIC_STRINGS.includes(key) && text.trim() !== "" && text.length <= MOST_CHARACTERS;
      if (allowed) options.strings[key] = text.replace(/\p{Cc}/gu, " ").trim();
      else refused.push(`strings.${key.slice(0, 40)}`);
    }
  },
};

/**
 * The entries of an object whose values are texts; others are refused.
 * @param {unknown} value
 * @param {string[]} refused
 * @param {string} name
 * @returns {[string, string][]}
 */
function entries(value, refused, name) {
  if (!isRecord(value)) {
    refused.push(name);
    return [];
  }
  return Object.entries(value).slice(0, 40).map(([key, text]) => [key, typeof text === "string" ? text : ""]);
}

/** @param {string} name @param {string} value */
function isToken(name, value) {
  const text = value.trim();
  if (!Object.hasOwn(TOKENS, name) || CASCADE_WORDS.test(text)) return false;
  return KINDS[TOKENS[/** @type {keyof typeof TOKENS} */ (name)].kind](text);
}
