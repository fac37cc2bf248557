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

/** BCP 47 tag of the texts, for the attribute `lang`. */
export const languageTag = () => TAGS[language] ?? language;

/**
 * Load a language; one that is not there leaves the texts as they are.
 * @param {string} id of `LANGUAGES`
 * @returns {Promise<boolean>} whether the texts are now in that language
 */
export async function useLanguage(id) {
  if (!LANGUAGES.includes(id)) return false;
  try {
    catalogue = id === "en" ? english : (await import(`./strings/${id}.js`)).default;
  } catch {
    return false;
  }
  language = id;
  plurals = new Intl.PluralRules(languageTag());
  return true;
}

/**
 * A text with its places filled in. Values are put in as they are: the result is text, never markup.
 * @param {string} key
 * @param {Record<string, string | number>} [values] a `count` chooses the plural
 * @returns {string}
 */
export function t(key, values = {}) {
  const entry = catalogue[key] ?? english[key];
  if (entry === undefined) throw new RangeError(`there is no text "${key}"`);
  const text = typeof entry === "string" ? entry : (entry[plurals.select(Number(values.count))] ?? entry.other);
  return text.replace(/\{(\w+)\}/g, (place, name) => (name in values ? String(values[name]) : place));
}
