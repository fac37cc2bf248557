// @ts-check
/** Dark, light, or as the system has it. The colours stay in `tokens.css`: only the condition of its dark part is set. */

const KEY = "visavis-console-theme";
const DARK = "(prefers-color-scheme: dark)";

/** @typedef {"system" | "light" | "dark"} Theme */

/** @returns {Theme} */
export function theme() {
  const kept = localStorage.getItem(KEY);
  return kept === "light" || kept === "dark" ? kept : "system";
}

/** @param {Theme} chosen */
export function setTheme(chosen) {
  if (chosen === "system") localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, chosen);
  applyTheme();
}

/** Put the chosen theme into effect. */
export function applyTheme() {
  const chosen = theme();
  document.documentElement.style.colorScheme = chosen === "system" ? "light dark" : chosen;
  for (const media of darkRules()) media.mediaText = { system: DARK, light: "not all", dark: "all" }[chosen];
}

/** @type {MediaList[] | null} */
let found = null;

/** Looked for once: afterwards they no longer say what they are for. */
function darkRules() {
  found ??= [...document.styleSheets]
    .flatMap((sheet) => [...sheet.cssRules])
    .filter((rule) => rule instanceof CSSMediaRule && rule.conditionText === DARK)
    .map((rule) => /** @type {CSSMediaRule} */ (rule).media);
  return found;
}
