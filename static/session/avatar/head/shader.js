// @ts-check
/** Changes to the shaders of three.js, by place. */

/**
 * @param {string} source
 * @param {Record<string, string>} changes text to be replaced → what takes its place; each must be there
 * @throws {Error} naming what is not there: another version of three.js than the one that this is written for
 */
export function edited(source, changes) {
  let result = source;
  for (const [place, text] of Object.entries(changes)) {
    if (!result.includes(place)) throw new Error(`the shader has no "${place}": is this another version of three.js?`);
    result = result.replace(place, () => text);
  }
  return result;
}

/**
 * Changes that add a text after its place.
 * @param {Record<string, string>} additions
 */
export function after(additions) {
  return Object.fromEntries(Object.entries(additions).map(([place, text]) => [place, `${place}\n${text}`]));
}
