// @ts-check
/** The colours and the type that an embedding page chose, put on the document. What could not be read is left out. */

import { TOKENS } from "./embed_options.js";

/** Contrast that WCAG 2.2 asks of text (1.4.3, AA). */
const LEAST_CONTRAST = 4.5;

/** Text and what it stands on. */
const PAIRS = [
  ["--ink", "--ground"],
  ["--ink", "--surface"],
  ["--ink-soft", "--surface"],
  ["--accent", "--surface"],
  ["--on-accent", "--accent"],
];

/** What follows from an accent when the embedding page says no more. */
const DERIVED = ["--accent-strong", "--accent-wash"];

const PREFERS_DARK = /\(\s*prefers-color-scheme\s*:\s*dark\s*\)/g;

/** True and false for every screen, in words that may stand beside other conditions. */
const ALWAYS = "(min-width: 0px)";
const NEVER = "(max-width: -1px)";

/** @type {WeakMap<CSSMediaRule, string>} the condition as it is written in the style sheet */
const written = new WeakMap();

/** @param {import("./embed_options.js").Options} options @returns {string[]} what could not be done, each with the reason */
export function applyLook({ theme, tokens }) {
  applyTheme(theme);
  return applyTokens(tokens);
}

/**
 * The style sheets speak of `prefers-color-scheme`; a theme that is chosen decides in the place of the system.
 * @param {"auto" | "light" | "dark"} theme
 */
function applyTheme(theme) {
  document.documentElement.style.colorScheme = theme === "auto" ? "" : theme;
  for (const sheet of document.styleSheets) {
    for (const rule of sheet.cssRules) {
      if (!(rule instanceof CSSMediaRule)) continue;
      const condition = written.get(rule) ?? rule.media.mediaText;
      if (condition.search(PREFERS_DARK) < 0) continue;
      written.set(rule, condition);
      rule.media.mediaText = theme === "auto" ? condition : condition.replace(PREFERS_DARK, theme === "dark" ? ALWAYS : NEVER);
    }
  }
}

/** @param {Record<string, string>} tokens @returns {string[]} */
function applyTokens(tokens) {
  clear([...Object.values(TOKENS).map(({ property }) => property), ...DERIVED]);
  const refused = [];
  const chosen = { ...tokens };
  for (const [name, value] of Object.entries(chosen)) set(name, value);
  if (chosen["--accent"]) deriveFromAccent(chosen);
  for (let bad = illegible(chosen); bad; bad = illegible(chosen)) {
    for (const name of bad.own) {
      delete chosen[name];
      clear(name === "--accent" ? [name, ...DERIVED, "--on-accent"] : [name]);
      refused.push(`tokens.${name}: contrast ${bad.contrast.toFixed(1)} between ${bad.pair.join(" and ")}, ${LEAST_CONTRAST} is needed`);
    }
    if (!chosen["--accent"]) delete chosen["--on-accent"];
  }
  return refused;
}

/**
 * The first pair that cannot be read, of those that the embedding page has a hand in.
 * @param {Record<string, string>} chosen
 */
function illegible(chosen) {
  for (const pair of PAIRS) {
    const own = pair.filter((name) => chosen[name]);
    const contrast = own.length > 0 ? contrastOf(present(pair[0]), present(pair[1])) : LEAST_CONTRAST;
    if (contrast < LEAST_CONTRAST) return { pair, own, contrast };
  }
  return null;
}

/** @param {string[]} properties */
function clear(properties) {
  for (const property of properties) document.documentElement.style.removeProperty(property);
}

/** @param {string} name @param {string} value */
function set(name, value) {
  document.documentElement.style.setProperty(TOKENS[/** @type {keyof typeof TOKENS} */ (name)].property, value);
}

/** @param {string} name of a custom property @returns {string} */
const present = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** A colour for text on the accent, one for hovering, one for washes. @param {Record<string, string>} chosen */
function deriveFromAccent(chosen) {
  const accent = chosen["--accent"];
  const white = contrastOf("#ffffff", accent) >= contrastOf("#06120e", accent);
  const { style } = document.documentElement;
  if (!chosen["--on-accent"]) style.setProperty("--on-accent", white ? "#ffffff" : "#06120e");
  style.setProperty("--accent-strong", `color-mix(in srgb, ${accent} 82%, ${white ? "black" : "white"})`);
  style.setProperty("--accent-wash", `color-mix(in srgb, ${accent} 14%, var(--surface))`);
}

/**
 * Contrast ratio of two opaque colours (WCAG 2.2, "contrast ratio").
 * @param {string} one any CSS colour
 * @param {string} other
 * @returns {number} 1 to 21
 */
function contrastOf(one, other) {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** Relative luminance; what shines through is taken as lying on white. @param {string} colour @returns {number} 0 to 1 */
function luminance(colour) {
  const context = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d", { willReadFrequently: true }));
  for (const fill of ["#ffffff", colour]) {
    context.fillStyle = fill;
    context.fillRect(0, 0, 1, 1);
  }
  const [red, green, blue] = [...context.getImageData(0, 0, 1, 1).data].map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
