// @ts-check
/** Colours on the whole screen, one after the other, in step with the display. */

/** More than three flashes a second can bring on a seizure (WCAG 2.3.1). A flash is there and back, so six changes are the limit. */
const SHORTEST_SYMBOL_MS = 1_000 / 6;

/** A server that asks for more than this has made a mistake. */
const LONGEST_MS = 15_000;

const COLOUR = /^#[0-9a-f]{6}$/i;

/**
 * Why these colours cannot be shown at all, whatever the person says.
 * @param {string[]} colours
 * @param {number} symbolMs
 * @returns {"reduced_motion" | "unavailable" | null} null: they can
 */
export function unfit(colours, symbolMs) {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return "reduced_motion";
  const safe = symbolMs >= SHORTEST_SYMBOL_MS && colours.length * symbolMs <= LONGEST_MS;
  const drawable = colours.length > 0 && colours.every((colour) => COLOUR.test(colour));
  return safe && drawable && !document.hidden ? null : "unavailable";
}

/**
 * Which colour is due.
 * @param {number} elapsedMs since the first was on the screen
 * @param {number} symbolMs
 * @param {number} count
 * @returns {number} index, or `count` when all have been shown
 */
export const due = (elapsedMs, symbolMs, count) => Math.min(count, Math.floor(Math.max(0, elapsedMs) / symbolMs));

/**
 * Show the colours on this element.
 * @param {HTMLElement} element
 * @param {string[]} colours
 * @param {number} symbolMs
 * @param {AbortSignal} signal
 * @returns {Promise<number | null>} when the first colour was on the screen, by `performance.now()`; null when it was stopped
 */
export function play(element, colours, symbolMs, signal) {
  return new Promise((resolve) => {
    let startedMs = 0;
    let shown = -1;
    /** @param {number} frameMs when the frame that is being drawn began */
    const draw = (frameMs) => {
      if (signal.aborted) return resolve(null);
      // What is set in one frame is on the screen when the next begins.
      if (shown === 0 && !startedMs) startedMs = frameMs;
      const index = startedMs ? due(frameMs - startedMs, symbolMs, colours.length) : 0;
      if (index === colours.length) return resolve(startedMs);
      if (index !== shown) element.style.backgroundColor = colours[index];
      shown = index;
      requestAnimationFrame(draw);
    };
    requestAnimationFrame(draw);
  });
}
