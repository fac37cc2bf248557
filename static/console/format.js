// @ts-check
/** Times, ages and amounts as they are read. Pure. */

const DATE = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const NUMBER = new Intl.NumberFormat("en-GB");

/** "22 Nov 2026, 23:05"; "–" for none. @param {number | null | undefined} at Unix milliseconds */
export const dateTime = (at) => (at ? `${DATE.format(at)}, ${TIME.format(at)}` : "–");

/** "23:05". @param {number | null | undefined} at Unix milliseconds */
export const time = (at) => (at ? TIME.format(at) : "–");

/** "23:05:12". @param {number | null | undefined} at Unix milliseconds */
export const clock = (at) => (at ? CLOCK.format(at) : "–");

/** "4 s", "2:05", "1:02:05": how long something lasts. @param {number} milliseconds */
export function duration(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** "just now", "5 min ago", "3 h ago", then the date. @param {number | null | undefined} at @param {number} now Unix milliseconds */
export function ago(at, now) {
  if (!at) return "–";
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  return minutes < 24 * 60 ? `${Math.floor(minutes / 60)} h ago` : dateTime(at);
}

/** "12 kB". @param {number} bytes */
export function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** "10,000". @param {number} value */
export const count = (value) => NUMBER.format(value);

/** "83 %". @param {number} share 0–1 */
export const percent = (share) => `${Math.round(share * 100)} %`;

/** "documentRejected", "wrong_codes" → "document rejected", "wrong codes". @param {string} name */
export const words = (name) => name.replace(/([a-z])([A-Z])/g, "$1 $2").replace(/[_.]/g, " ").toLowerCase();

/** The same with a capital. @param {string} name */
export const sentence = (name) => {
  const text = words(name);
  return text.charAt(0).toUpperCase() + text.slice(1);
};
