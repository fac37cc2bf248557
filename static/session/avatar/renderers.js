// @ts-check
/**
 * The ways to show an avatar, behind one interface. Another one, such as a video made by a server, takes its place in the table.
 *
 * @typedef {object} Renderer
 * @property {HTMLElement} element what is shown
 * @property {(face: Face) => void} pose show this face now
 * @property {() => void} resize the place on the page has another size
 * @property {() => void} dispose give everything back; nothing may be called afterwards
 * @property {() => void} [onlost] called when it cannot show anything more
 * @property {() => void} [onback] called when it could be opened again after that
 * @property {import("./quality.js").Level} [level] how fine it draws, where it can choose
 *
 * @typedef {import("./portrait.js").Face} Face
 * @typedef {"head" | "portrait"} Kind
 */

import { personaOr } from "./cast.js";

/** @type {Record<Kind, (persona: string) => Promise<Renderer>>} */
const OPENERS = {
  async head(persona) {
    const { HeadRenderer } = await import("./head/renderer.js");
    return HeadRenderer.open(persona);
  },
  async portrait(persona) {
    const [{ Portrait }, drawing] = await Promise.all([import("./portrait.js"), import(`./personas/${persona}.js`)]);
    const portrait = new Portrait(drawing[persona]);
    return { element: portrait.element, pose: (face) => portrait.pose(face), resize() {}, dispose: () => portrait.element.remove() };
  },
};

/**
 * Open a renderer and put its element into the host.
 * @param {Kind} kind
 * @param {ParentNode} host
 * @param {string} persona one of `PERSONAS` of `cast.js`; another is shown as the first of them
 * @returns {Promise<Renderer>}
 * @throws {Error} when what it needs is not there
 */
export async function openRenderer(kind, host, persona) {
  const renderer = await OPENERS[kind](personaOr(persona));
  host.append(renderer.element);
  renderer.resize();
  return renderer;
}

/**
 * Whether this device draws 3-D by itself: with WebGL 2, and not by software on the processor.
 * @returns {boolean}
 */
export function canDrawHeads() {
  const context = document.createElement("canvas").getContext("webgl2", { failIfMajorPerformanceCaveat: true });
  if (!context) return false;
  const names = context.getExtension("WEBGL_debug_renderer_info");
  const renderer = String(context.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : context.RENDERER));
  context.getExtension("WEBGL_lose_context")?.loseContext();
  return !/swiftshader|llvmpipe|software|basic render/i.test(renderer);
}
