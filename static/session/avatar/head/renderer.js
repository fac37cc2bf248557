// @ts-check
/** The 3-D head on a canvas of its own, behind the same small interface as the flat portrait. */

import { readGlb } from "../gltf.js";
import { frameOf } from "./frame.js";
import { Head } from "./head.js";
import { addLights, roomEnvironment } from "./lights.js";

/** @typedef {import("../renderers.js").Renderer} Renderer */
/** @typedef {import("../portrait.js").Face} Face */
/** @typedef {import("../quality.js").Level} Level */

const LIBRARY = "/vendor/three.module.min.js";

/** A head of less than a megabyte that takes longer is not worth waiting for: the portrait moves instead. */
const LOAD_TIMEOUT_MS = 20_000;

/** @param {string} id of a persona */
async function load(id) {
  const signal = AbortSignal.timeout(LOAD_TIMEOUT_MS);
  const [three, response] = await Promise.all([import(LIBRARY), fetch(`/personas/${id}.glb`, { signal })]);
  if (!response.ok) throw new Error(`the head of ${id} is not there: ${response.status}`);
  return { three, model: readGlb(await response.arrayBuffer()) };
}

/** @implements {Renderer} */
export class HeadRenderer {
  /** The context is gone: nothing can be drawn. @type {() => void} */
  onlost = () => {};
  /** The context could be had again. @type {() => void} */
  onback = () => {};

  #renderer;
  #scene;
  #camera;
  #head;
  #key;
  #environment;
  /** @type {Readonly<Level>} */
  #level = { pixelRatio: 2, shadow: true };
  #listening = new AbortController();

  /** @param {string} id of a persona @returns {Promise<HeadRenderer>} @throws {Error} when a file is missing or damaged */
  static async open(id) {
    const { three, model } = await load(id);
    const renderer = new HeadRenderer(three, model);
    await renderer.#warm();
    return renderer;
  }

  /** @param {any} three @param {import("../gltf.js").HeadModel} model */
  constructor(three, model) {
    const frame = frameOf(model.persona);
    this.#renderer = new three.WebGLRenderer({ alpha: true, antialias: true, powerPreference: "low-power" });
    this.#renderer.toneMapping = three.AgXToneMapping;
    this.#renderer.toneMappingExposure = 1.48;
    this.#renderer.shadowMap.enabled = true;
    this.#renderer.shadowMap.type = three.PCFShadowMap;
    this.element = this.#renderer.domElement;
    this.element.className = "head3d";
    this.#scene = new three.Scene();
    this.#environment = roomEnvironment(three, this.#renderer);
    this.#scene.environment = this.#environment.texture;
    this.#scene.environmentIntensity = 0.42;
    this.#key = addLights(three, this.#scene, frame);
    this.#head = new Head(three, model, frame);
    this.#scene.add(this.#head.object);
    this.#camera = new three.PerspectiveCamera(frame.fieldOfView, 1, 1, 60);
    const [x, y, z] = frame.centre;
    this.#camera.position.set(x + Math.sin(frame.azimuth) * frame.distance, y, z + Math.cos(frame.azimuth) * frame.distance);
    this.#camera.lookAt(x, y, z);
    const { signal } = this.#listening;
    this.element.addEventListener("webglcontextlost", (/** @type {Event} */ event) => (event.preventDefault(), this.onlost()), { signal });
    this.element.addEventListener("webglcontextrestored", () => this.onback(), { signal });
  }

  /** Have the programs made beside the page's own work, where the browser can, so that the first picture does not hold it up. */
  async #warm() {
    const besides = this.#renderer.extensions.has("KHR_parallel_shader_compile");
    if (besides) await this.#renderer.compileAsync(this.#scene, this.#camera);
  }

  /** @param {Face} face */
  pose(face) {
    this.#head.pose(face);
    this.#renderer.render(this.#scene, this.#camera);
  }

  get level() {
    return this.#level;
  }

  set level(level) {
    if (this.#key.castShadow !== level.shadow) this.#key.castShadow = level.shadow;
    this.#level = level;
    this.resize();
  }

  /** Fit the picture's pixels to the place that it has on the page. */
  resize() {
    const side = Math.max(1, this.element.clientHeight);
    this.#renderer.setPixelRatio(Math.min(devicePixelRatio || 1, this.#level.pixelRatio));
    this.#renderer.setSize(side, side, false);
  }

  dispose() {
    this.#listening.abort();
    this.#head.dispose();
    this.#key.shadow.dispose();
    this.#environment.dispose();
    this.#renderer.dispose();
    this.#renderer.forceContextLoss(); // A page may hold few contexts; this one is free at once.
    this.element.remove();
  }
}
