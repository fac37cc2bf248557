// @ts-check
/**
 * The sentences of the page in the person's language.
 *
 * One catalogue for each language stands in `strings/<id>.js`: flat keys `area.name`, values that are texts with named
 * places, `"Step {index} of {count}"`, or, where a number decides, an object by plural category (Unicode CLDR; the
 * category comes from `Intl.PluralRules`). English is always loaded; a test holds every other catalogue to its keys and
 * places, so its use as a fall-back is for the moment in which a newer page meets an older catalogue.
 */

import english from "./strings/en.js";

/** @typedef {string | {other: string, zero?: string, one?: string, two?: string, few?: string, many?: string}} Entry */
/** @typedef {Readonly<Record<string, Entry>>} Catalogue */

/** Ids of the contract (§8.2), as `rtc_server/session/languages.py` has them. A test compares the two. */
export const LANGUAGES = Object.freeze(["en", "it", "de", "fr", "es", "pt", "ru", "ja", "id", "no", "zh", "zh-TW", "zh-HK"]);

/** What `lang` and `Intl` want where the contract's id says less. */
const TAGS = /** @type {Record<string, string>} */ ({ no: "nb", zh: "zh-Hans", "zh-TW": "zh-Hant-TW", "zh-HK": "zh-Hant-HK" });

let language = "en";
/** @type {Catalogue} */
let catalogue = english;
let plurals = new Intl.PluralRules("en");
let numbers = new Intl.NumberFormat("en");
let wanted = "en";

/** BCP 47 tag of a language, or of the texts, for the attribute `lang` and for `Intl`. */
export const languageTag = (id = language) => TAGS[id] ?? id;

/**
 * Load a language; one that is not there leaves the texts as they are.
 * @param {string} id of `LANGUAGES`
 * @returns {Promise<boolean>} whether the texts are now in that language; not when another was wanted meanwhile
 */
export async function useLanguage(id) {
  if (!LANGUAGES.includes(id)) return false;
  wanted = id;
  let loaded = english;
  try {
    if (id !== "en") loaded = (await import(`./strings/${id}.js`)).default;
  } catch {
    return false;
  }
  if (wanted !== id) return false;
  catalogue = loaded;
  language = id;
  plurals = new Intl.PluralRules(languageTag());
  numbers = new Intl.NumberFormat(languageTag());
  return true;
}

/** Codes that browsers send for a language which stands under another id. */
const SAME = /** @type {Record<string, string>} */ ({ nb: "no", nn: "no", in: "id", yue: "zh-HK" });

/**
 * The language of the texts for somebody who prefers these, as the server chooses (`rtc_server/session/languages.py`).
 * @param {readonly string[]} tags BCP 47, best first
 * @returns {string} id of `LANGUAGES`; English when none suits
 */
export function suitableLanguage(tags) {
  return tags.map(knownAs).find((id) => LANGUAGES.includes(id)) ?? "en";
}

/** @param {string} tag */
function knownAs(tag) {
  const [primary = "", ...rest] = tag.replaceAll("_", "-").toLowerCase().split("-");
  if (primary !== "zh") return SAME[primary] ?? primary;
  if (rest.includes("hans")) return "zh";
  if (rest.includes("hk") || rest.includes("mo")) return "zh-HK";
  return rest.includes("hant") || rest.includes("tw") ? "zh-TW" : "zh";
}

/** What is spoken where the contract's id tells how it is written. */
const SPOKEN = /** @type {Record<string, string>} */ ({ "zh-TW": "zh", "zh-HK": "yue" });

/**
 * How a spoken language is called in the language of the texts.
 * @param {string} id of `LANGUAGES`
 */
export function spokenName(id) {
  return new Intl.DisplayNames([languageTag()], { type: "language" }).of(SPOKEN[id] ?? id) ?? id;
}

/** @type {Partial<Record<string, string>>} */
let words = {};

/** Texts that stand in place of the catalogue's, in every language. @param {Record<string, string>} chosen by key */
export function useWords(chosen) {
  words = chosen;
}

/** How a language calls itself. @param {string} id of `LANGUAGES` */
export const ownName = (id) => new Intl.DisplayNames([languageTag(id)], { type: "language" }).of(id) ?? id;

/** Whether there is a text: what the server names may be newer than the page. @param {string} key */
export const has = (key) => Object.hasOwn(english, key);

/**
 * A text with its places filled in. Values are put in as they are: the result is text, never markup.
 * @param {string} key
 * @param {Record<string, string | number>} [values] numbers are written as the language does; a `count` chooses the plural
 * @returns {string}
 */
export function t(key, values = {}) {
  const entry = words[key] ?? catalogue[key] ?? english[key];
  if (entry === undefined) throw new RangeError(`there is no text "${key}"`);
  const text = typeof entry === "string" ? entry : (entry[plurals.select(Number(values.count))] ?? entry.other);
  return text.replace(/\{(\w+)\}/g, (place, name) => {
    const value = values[name];
    return typeof value === "number" ? numbers.format(value) : (value ?? place);
  });
}
