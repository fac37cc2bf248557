// @ts-check
/**
 * The parts of the page that the welcome can do without, each with its style sheets. They are loaded when the welcome is on the screen
 * and nothing else is to be done, or at once when they are needed.
 */

/** Whoever waits longer than this for a file is told, and can try again. */
const LOAD_MS = 20_000;

export const loadBeforeCall = () => whole(import("./before_call.js"), ["preflight", "sheet"]);
export const loadInCall = () => whole(import("./in_call.js"), ["call", "transcript", "cards", "check", "lens", "check_signs", "flash", "document"]);
export const loadEmbedding = () => whole(import("./embed.js"), ["embed"]);

/** When the browser has nothing better to do; Safari has no word for that. @param {() => void} work */
export function whenIdle(work) {
  if ("requestIdleCallback" in window) requestIdleCallback(work, { timeout: 2_000 });
  else setTimeout(work, 200);
}

/**
 * Loads one time for all who ask; what has failed is tried again.
 * @template Loaded
 * @param {() => Promise<Loaded>} load
 * @returns {() => Promise<Loaded>}
 */
export function once(load) {
  /** @type {Promise<Loaded> | null} */
  let loading = null;
  return () =>
    (loading ??= load().catch((problem) => {
      loading = null;
      throw problem;
    }));
}

/**
 * @template Module
 * @param {Promise<Module>} module
 * @param {readonly string[]} sheets names in `styles/`
 * @returns {Promise<Module>} when all of it is there
 * @throws when a file does not come
 */
async function whole(module, sheets) {
  const tooLate = new Promise((_, reject) => setTimeout(() => reject(new Error("a part of the page did not load in time")), LOAD_MS));
  const files = Promise.all([module, ...sheets.map(loadSheet)]);
  const [loaded] = await /** @type {typeof files} */ (Promise.race([files, tooLate]));
  return loaded;
}

/** @param {string} name */
function loadSheet(name) {
  const href = new URL(`styles/${name}.css`, import.meta.url).href;
  return /** @type {Promise<void>} */ (
    new Promise((resolve, reject) => {
      const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
      link.onload = () => resolve();
      link.onerror = () => reject(new Error(`${name}.css did not load`));
      document.head.append(link);
    })
  );
}
