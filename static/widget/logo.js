// @ts-check
/** The session page loads nothing from other origins, so the widget hands it the logo itself. */

const MOST_BYTES = 200_000;
const TIMEOUT_MS = 8_000;
const KINDS = new Set(["image/png", "image/jpeg", "image/webp", "image/gif", "image/svg+xml"]);

/**
 * @param {string} address as the embedding page names it
 * @returns {Promise<string>} as a `data:` address
 * @throws {Error} whose message says why not
 */
export async function fetchLogo(address) {
  if (!URL.canParse(address, location.href)) throw new Error("its address cannot be read");
  const url = new URL(address, location.href);
  const isOurs = url.origin === location.origin || url.protocol === "data:" || url.protocol === "https:";
  if (!isOurs) throw new Error("its address is neither https nor this page's own");
  /** @type {Blob} */
  let picture;
  try {
    const response = await fetch(url, { credentials: "omit", signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw new Error(`status ${response.status}`);
    picture = await response.blob();
  } catch (error) {
    throw new Error(`it cannot be fetched (${error instanceof Error ? error.message : error})`);
  }
  const kind = picture.type.split(";")[0].trim();
  if (!KINDS.has(kind)) throw new Error(`it is of the kind "${kind}"`);
  if (picture.size > MOST_BYTES) throw new Error(`it has ${Math.round(picture.size / 1000)} kB`);
  return dataAddress(new Blob([picture], { type: kind }));
}

/** @param {Blob} picture @returns {Promise<string>} */
function dataAddress(picture) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(new Error("it cannot be read"));
    reader.readAsDataURL(picture);
  });
}
