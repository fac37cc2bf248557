// @ts-check
/** Where the focus may go by itself: never away from somebody at work. */

/** Nobody is at work elsewhere: the focus may be moved. */
export function focusIsFree() {
  const active = document.activeElement;
  if (active instanceof HTMLTextAreaElement) return active.value === "";
  return !active || active === document.body || /^H[12]$/.test(active.tagName);
}

/**
 * What had the focus is gone: on to the field for who types, to the heading or the picture for who speaks (on a phone no keyboard
 * springs up).
 * @param {import("./types.js").State} state
 */
export function leaveFocus(state) {
  const places = state.microphone === "live" ? [".conversation h1", ".stage"] : [".composer textarea"];
  const goal = places.map((place) => /** @type {HTMLElement | null} */ (document.querySelector(place))).find((element) => element?.checkVisibility());
  goal?.focus({ preventScroll: true });
}
