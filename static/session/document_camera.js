// @ts-check
/** Which camera sees a document best, and what it can do. */

/** More than for a face: small print has to be read. */
const PICTURE = { width: { ideal: 1920 }, height: { ideal: 1080 }, frameRate: { ideal: 15, max: 30 } };

/** How cameras are called that look away from the person, where the browser tells no more. */
const REAR = /back|rear|environment|rück|arrière|trasera|posteriore|traseira/i;

/**
 * What to ask the browser for, the best first: the camera that the person chose, one that looks away from the person, the one that shows
 * the face, any.
 * @param {string} chosen id of a device; empty = none was chosen
 * @param {string} face id of the device for the face; empty = none was on
 * @returns {MediaTrackConstraints[]}
 */
export function documentWishes(chosen, face) {
  const devices = [chosen, face].map((id) => (id ? [{ ...PICTURE, deviceId: { exact: id } }] : []));
  return [...devices[0], { ...PICTURE, facingMode: { exact: "environment" } }, ...devices[1], PICTURE];
}

/** Whether the picture is shown as in a mirror at first: not when the camera looks away from the person. @param {MediaStreamTrack} track */
export function isMirrored(track) {
  const { facingMode } = track.getSettings();
  return facingMode ? facingMode !== "environment" : !REAR.test(track.label);
}

/** @param {MediaStreamTrack} track @returns {boolean} */
export const hasTorch = (track) => /** @type {any} */ (track.getCapabilities?.())?.torch === true;

/** @param {MediaStreamTrack} track @param {boolean} on */
export const setTorch = (track, on) => track.applyConstraints({ advanced: [/** @type {any} */ ({ torch: on })] });

/** Ids of all cameras, in the browser's order. @returns {Promise<string[]>} */
export async function cameraIds() {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.filter(({ kind }) => kind === "videoinput").map(({ deviceId }) => deviceId);
}

/**
 * The camera after this one, in a circle.
 * @param {string[]} ids
 * @param {string} current
 * @returns {string}
 */
export const nextCamera = (ids, current) => ids[(ids.indexOf(current) + 1) % ids.length] ?? "";
