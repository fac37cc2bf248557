// @ts-check
/** Where the focus may go by itself: never away from somebody at work. */

/** Nobody is at work elsewhere: the focus may be moved. */
export function focusIsFree() {
  const active = document.activeElement;
  if (active instanceof HTMLTextAreaElement) return active.value === "";
  return !active || active === document.body || /^H[12]$/.test(active.tagName);
}

/**
 * What had the focus is gone: on to the field for who types, to the heading for who speaks (on a phone no keyboard springs up).
 * @param {import("./state.js").State} state
 */
export function leaveFocus(state) {
  const heading = /** @type {HTMLElement | null} */ (document.querySelector(".conversation h1"));
  const composer = /** @type {HTMLElement | null} */ (document.querySelector(".composer textarea"));
  const goal = state.microphone === "live" && heading?.checkVisibility() ? heading : composer;
  goal?.focus({ preventScroll: true });
}
