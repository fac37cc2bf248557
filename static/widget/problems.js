// @ts-check
/** What can keep a session page from its frame, and what the embedding page's developer does about it. */

/**
 * @typedef {object} Problem
 * @property {string} code
 * @property {boolean} recoverable whether the conversation can go on in spite of it
 * @property {string} fix
 */

/**
 * Codes of the widget itself. The page's own come with their fix, save where the widget knows more.
 * @type {Record<string, {recoverable: boolean, fix: (origin: string, detail: string) => string}>}
 */
const PROBLEMS = {
  wrong_src: {
    recoverable: false,
    fix: (_origin, detail) => `src is ${detail}. Set it to clientSecret.url of POST /sessions, such as https://session.example.org/?cs=….`,
  },
  unreachable: {
    recoverable: true,
    fix: (origin) =>
      `The page at ${origin} did not answer. Check that ${location.origin} is among the allowedOrigins of the API key that made the ` +
      `session (or that the list is empty), that the address opens by itself in a tab, and that no proxy adds X-Frame-Options.`,
  },
  csp_blocked: {
    recoverable: false,
    fix: (origin, directive) => `This page's Content-Security-Policy blocks the frame (${directive}). Add ${origin} to its frame-src.`,
  },
  logo_refused: {
    recoverable: true,
    fix: (_origin, detail) => `The logo was left out: ${detail}. Use a PNG, JPEG, WebP, GIF or SVG of at most 200 kB that this page may fetch.`,
  },
  option_refused: {
    recoverable: true,
    fix: (_origin, names) => `The page did not take: ${names}. docs/embedding.md lists what may be set.`,
  },
  camera_not_delegated: { recoverable: true, fix: (origin) => policyFix("camera", origin) },
  microphone_not_delegated: { recoverable: true, fix: (origin) => policyFix("microphone", origin) },
};

/** The widget's frame carries `allow`, so it is the embedding page's header that forbids. @param {string} device @param {string} origin */
function policyFix(device, origin) {
  return (
    `This page's Permissions-Policy header keeps the ${device} from the frame. Send ` +
    `Permissions-Policy: camera=(self "${origin}"), microphone=(self "${origin}"), or leave the header out. If this page is framed ` +
    `itself, its own frame needs allow="camera; microphone".`
  );
}

/**
 * @param {string} code
 * @param {string} origin of the session page
 * @param {string} [detail]
 * @returns {Problem}
 */
export function problem(code, origin, detail = "") {
  const { recoverable, fix } = PROBLEMS[code];
  return { code, recoverable, fix: fix(origin, detail) };
}

/** What the page found, with the fix that fits a widget. @param {Problem} found @param {string} origin @returns {Problem} */
export function inWidget(found, origin) {
  return Object.hasOwn(PROBLEMS, found.code) && found.code.endsWith("_not_delegated") ? problem(found.code, origin) : found;
}

/**
 * @param {string} src
 * @returns {URL | string} the address of a session page, or what is wrong with it, without the secret
 */
export function readAddress(src) {
  if (!src) return "missing";
  if (!URL.canParse(src, location.href)) return "no address";
  const address = new URL(src, location.href);
  if (address.protocol !== "https:" && address.protocol !== "http:") return `of the kind "${address.protocol}"`;
  if (!address.searchParams.get("cs")) return "without a client secret (?cs=…)";
  return address;
}
