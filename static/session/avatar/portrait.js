// @ts-check
/**
 * Assembles a persona's drawing and poses it. Layers at different depths shift by different amounts when the head turns,
 * which gives a flat drawing some volume.
 */

import { assign, html, svg } from "../../shared/dom.js";
import { Eye } from "./eyes.js";
import { JAW_DROP, Lips } from "./lips.js";

/** @typedef {import("./visemes.js").Mouth} Mouth */

/**
 * @typedef {object} Face everything that moves; angles in degrees
 * @property {number} yaw -1 the viewer's left to 1 right
 * @property {number} pitch -1 up to 1 down
 * @property {number} roll degrees
 * @property {number} breath 0 to 1
 * @property {number} lids 0 shut to 1 open
 * @property {number} gazeX
 * @property {number} gazeY
 * @property {number} squint
 * @property {number} brow
 * @property {number} frown
 * @property {number} smile
 * @property {Mouth} mouth
 */

/**
 * @typedef {[kind: string, attributes: Record<string, string | number>]} Shape an SVG element
 *
 * @typedef {object} Persona
 * @property {string} name
 * @property {Record<string, Gradient>} gradients by id
 * @property {Shape[]} behind drawn behind the body: back of the hair
 * @property {Shape[]} body
 * @property {Shape[]} neck
 * @property {Shape[]} ears
 * @property {(jaw: number) => string} face outline of the face when the chin is lowered by `jaw`
 * @property {Shape[]} skin shading on the face, clipped to its outline
 * @property {(jaw: number) => Shape[]} [beard] drawn on the face, moves with the jaw
 * @property {Shape[]} nose
 * @property {Shape[]} [worn] glasses and the like
 * @property {Shape[]} front front of the hair
 * @property {import("./eyes.js").EyeStyle} eyes
 * @property {{x: number, y: number}} eyeAt distance from the middle, height
 * @property {import("./lips.js").LipStyle} lips
 * @property {number} mouthY
 *
 * @typedef {{kind: "linear" | "radial", at: Record<string, number | string>, stops: [offset: number, colour: string, opacity?: number][]}} Gradient
 */

/** Drawing space; the middle of the face is at x = 400. */
const WIDTH = 800;
const HEIGHT = 900;
const MIDDLE = 400;

/** How far a layer shifts for a full turn (x) and nod (y), in drawing units; further forward = more. Skin adds to face. */
const DEPTH = { behind: [-4, -3], ears: [-4, -4], face: [5, 4], skin: [3, 2], features: [12, 9], nose: [16, 12], front: [6, 4] };

/** Steps of half a unit cannot be seen, and save most of the painting while the head barely moves. @param {number} value */
const half = (value) => Math.round(value * 2) / 2;

/** Drawing units as a share of the height. @param {number} units */
const percent = (units) => `${((units / HEIGHT) * 100).toFixed(3)}%`;

/** @param {Shape[]} shapes */
const draw = (shapes) => shapes.map(([kind, attributes]) => svg(kind, attributes));

/** @param {[string, Gradient]} entry */
function gradient([id, { kind, at, stops }]) {
  const children = stops.map(([offset, colour, opacity = 1]) =>
    svg("stop", { offset, "stop-color": colour, "stop-opacity": opacity }),
  );
  return svg(`${kind}Gradient`, { id, ...at }, ...children);
}

/**
 * A sheet of the drawing that moves as a whole. The browser keeps it as a picture and only shifts it, so that breathing
 * and swaying cost no painting.
 * @param {string} name
 * @param {...SVGElement} children
 */
const sheet = (name, ...children) =>
  svg("svg", { class: name, viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true", focusable: "false" }, ...children);

export class Portrait {
  /** @type {Record<keyof typeof DEPTH, SVGElement>} */
  #layers;
  #head;
  #behind;
  #torso;
  #outlines;
  #beard;

  /** @param {Persona} persona */
  constructor(persona) {
    this.persona = persona;
    this.eyes = [new Eye(persona.eyes, -1), new Eye(persona.eyes, 1)];
    this.lips = new Lips(persona.lips);
    const outline = svg("path", { fill: "url(#skin)" });
    const clip = svg("path");
    this.#outlines = [outline, clip];
    this.#beard = (persona.beard?.(0) ?? []).map(([kind, attributes]) => svg(kind, attributes));
    const mouthAt = svg("g", { transform: `translate(${MIDDLE} ${persona.mouthY})` }, this.lips.element);
    const eyesAt = this.eyes.map((eye, index) =>
      svg("g", { transform: `translate(${MIDDLE + (index ? 1 : -1) * persona.eyeAt.x} ${persona.eyeAt.y})` }, eye.element),
    );
    const skin = svg("g", {}, ...draw(persona.skin), ...this.#beard);
    const { behind, ears, face, features, nose, front } = (this.#layers = {
      behind: svg("g", {}, ...draw(persona.behind)),
      ears: svg("g", {}, ...draw(persona.ears)),
      face: svg("g", {}, outline, svg("g", { "clip-path": "url(#face)" }, skin)),
      skin,
      features: svg("g", {}, ...eyesAt, mouthAt, ...draw(persona.worn ?? [])),
      nose: svg("g", {}, ...draw(persona.nose)),
      front: svg("g", {}, ...draw(persona.front)),
    });
    const shared = svg("defs", {}, ...Object.entries(persona.gradients).map(gradient), svg("clipPath", { id: "face" }, clip));
    this.#behind = sheet("head", shared, behind);
    this.#torso = sheet("torso", ...draw(persona.neck), ...draw(persona.body));
    this.#head = sheet("head", ears, face, nose, features, front);
    this.element = html("div", { class: "portrait" }, this.#behind, this.#torso, this.#head);
  }

  /** @param {Face} face */
  pose(face) {
    const jaw = face.mouth.open * JAW_DROP;
    for (const [name, [x, y]] of Object.entries(DEPTH)) {
      const layer = this.#layers[/** @type {keyof typeof DEPTH} */ (name)];
      assign(layer, "transform", `translate(${half(face.yaw * x)} ${half(face.pitch * y)})`);
    }
    const rise = -face.breath * 2.2;
    const head = `translateY(${percent(rise + face.pitch * 3)}) rotate(${face.roll.toFixed(2)}deg)`;
    this.#head.style.transform = head;
    this.#behind.style.transform = head;
    this.#torso.style.transform = `translateY(${percent(rise)})`;
    const outline = this.persona.face(jaw * 0.5);
    for (const path of this.#outlines) assign(path, "d", outline);
    this.persona.beard?.(jaw * 0.5).forEach(([, attributes], index) => {
      assign(this.#beard[index], "d", String(attributes.d));
    });
    for (const eye of this.eyes) eye.draw(face.lids, face.gazeX, face.gazeY, face.squint, face.brow, face.frown);
    this.lips.draw(face.mouth, face.smile);
  }
}
