// @ts-check
/**
 * Reads a persona's head from a binary glTF 2.0 file. Pure: bytes in, typed arrays out.
 *
 * Covers what our heads use: one buffer, indexed triangles, accessors of any component type (plain, normalised, sparse),
 * morph targets by name, nodes with translation and scale. Everything else is refused by name, as is a damaged file.
 * Scales (they undo the quantisation, KHR_mesh_quantization) are multiplied into the vertices; translations stay.
 */

/**
 * @typedef {object} MorphTarget
 * @property {string} name
 * @property {Float32Array} positions three offsets for each vertex
 *
 * @typedef {object} Part one mesh of the head
 * @property {string} name
 * @property {string | null} parent name of the part that carries this one
 * @property {[number, number, number]} translation from the parent
 * @property {Float32Array} positions xyz
 * @property {Float32Array | null} normals xyz
 * @property {Float32Array | null} uvs
 * @property {Float32Array | null} colours rgb, linear
 * @property {Float32Array | null} areas four shares for each vertex: lips, lids, stubble, thin skin
 * @property {Uint32Array} indices three for each triangle
 * @property {MorphTarget[]} targets
 *
 * @typedef {object} PersonaFacts what the file says of the person; colours are sRGB
 * @property {string} id
 * @property {string} name
 * @property {number} eyeRadius
 * @property {number} irisRadius
 * @property {[number, number, number]} irisColour 0 to 255
 * @property {[number, number, number]} faceCentre
 * @property {number} headTop
 * @property {number} chin
 * @property {{colour: string | number[], roughness: number}} skin
 * @property {{colour: string | number[], shine: number}} hair
 * @property {{colour: string | number[], kind: "knit" | "cotton" | "wool" | "silk"}} garment
 *
 * @typedef {{persona: PersonaFacts, parts: Part[]}} HeadModel
 */

const MAGIC = 0x46546c67;
const JSON_CHUNK = 0x4e4f534a;
const BINARY_CHUNK = 0x004e4942;

/** Bytes of a component, and what a normalised one is divided by (glTF 2.0 §3.11). @type {Record<number, [bytes: number, divisor: number]>} */
const COMPONENTS = { 5120: [1, 127], 5121: [1, 255], 5122: [2, 32767], 5123: [2, 65535], 5125: [4, 1], 5126: [4, 1] };

/** @type {Record<string, number>} */
const WIDTHS = { SCALAR: 1, VEC2: 2, VEC3: 3, VEC4: 4 };

/** Heads are far smaller; a count beyond this is damage. */
const MOST_VERTICES = 200_000;

export class GlbError extends Error {
  /** @param {string} problem */
  constructor(problem) {
    super(`this is not a head that can be shown: ${problem}`);
    this.name = "GlbError";
  }
}

/**
 * @param {ArrayBuffer} file
 * @returns {HeadModel}
 * @throws {GlbError} saying what is wrong with the file
 */
export function readGlb(file) {
  const { json, binary } = chunks(file);
  const scene = at(json.scenes, json.scene ?? 0, "scene");
  const persona = scene.extras?.persona;
  if (typeof persona?.id !== "string") throw new GlbError("scene.extras.persona is missing");
  const accessors = new Accessors(json, binary);
  /** @type {Part[]} */
  const parts = [];
  /** @param {number} index @param {string | null} parent @param {number[]} outer scale of what carries it @param {number} depth */
  const visit = (index, parent, outer, depth) => {
    const node = at(json.nodes, index, "node");
    if (depth > 8 || parts.length > 64) throw new GlbError("its nodes do not end");
    if (node.matrix || node.rotation) throw new GlbError(`node ${index} is turned, which heads do not use`);
    const scale = triple(node.scale, [1, 1, 1], `scale of node ${index}`).map((value, axis) => value * outer[axis]);
    const [x, y, z] = triple(node.translation, [0, 0, 0], `translation of node ${index}`);
    const name = String(node.name ?? `node ${index}`);
    if (node.mesh !== undefined) {
      const translation = /** @type {[number, number, number]} */ ([x * outer[0], y * outer[1], z * outer[2]]);
      parts.push({ name, parent, translation, ...accessors.mesh(node.mesh, scale) });
    }
    for (const child of node.children ?? []) visit(child, node.mesh === undefined ? parent : name, scale, depth + 1);
  };
  for (const root of scene.nodes ?? []) visit(root, null, [1, 1, 1], 0);
  if (!parts.some((part) => part.name === "skin")) throw new GlbError("it has no mesh named skin");
  return { persona, parts };
}

/** @param {ArrayBuffer} file @returns {{json: any, binary: DataView}} */
function chunks(file) {
  const view = new DataView(file);
  if (view.byteLength < 20 || view.getUint32(0, true) !== MAGIC) throw new GlbError("it is not a binary glTF file");
  if (view.getUint32(4, true) !== 2) throw new GlbError("it is not glTF version 2");
  if (view.getUint32(8, true) !== view.byteLength) throw new GlbError("it is cut off, or longer than it says");
  /** @type {Map<number, DataView>} */
  const found = new Map();
  for (let offset = 12; offset + 8 <= view.byteLength; ) {
    const length = view.getUint32(offset, true);
    if (offset + 8 + length > view.byteLength) throw new GlbError("a chunk reaches beyond the file");
    found.set(view.getUint32(offset + 4, true), new DataView(file, offset + 8, length));
    offset += 8 + length;
  }
  const text = found.get(JSON_CHUNK);
  const binary = found.get(BINARY_CHUNK);
  if (!text || !binary) throw new GlbError("a chunk is missing");
  try {
    return { json: JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(text)), binary };
  } catch {
    throw new GlbError("its description is no JSON");
  }
}

/** @param {any} list @param {number} index @param {string} kind @returns {any} */
function at(list, index, kind) {
  const item = Array.isArray(list) ? list[index] : undefined;
  if (item === null || typeof item !== "object") throw new GlbError(`${kind} ${index} is missing`);
  return item;
}

/** @param {unknown} value @param {number[]} usual @param {string} what @returns {number[]} */
function triple(value, usual, what) {
  if (value === undefined) return usual;
  if (Array.isArray(value) && value.length === 3 && value.every((item) => Number.isFinite(item))) return value;
  throw new GlbError(`${what} is not three numbers`);
}

/** The numbers of one file, each read with its bounds checked. */
class Accessors {
  #json;
  #binary;

  /** @param {any} json @param {DataView} binary */
  constructor(json, binary) {
    this.#json = json;
    this.#binary = binary;
  }

  /** @param {number} index @param {number[]} scale @returns {Omit<Part, "name" | "parent" | "translation">} */
  mesh(index, scale) {
    const mesh = at(this.#json.meshes, index, "mesh");
    const primitive = at(mesh.primitives, 0, `primitive of mesh ${index}:`);
    const { POSITION, NORMAL, TEXCOORD_0, COLOR_0, _AREAS } = primitive.attributes ?? {};
    const positions = scaled(this.#read(POSITION, 3), scale);
    const count = positions.length / 3;
    /** @param {number | undefined} accessor @param {number} width */
    const optional = (accessor, width) => (accessor === undefined ? null : this.#read(accessor, width, count));
    const indices = Uint32Array.from(this.#read(primitive.indices, 1));
    if (indices.some((vertex) => vertex >= count)) throw new GlbError(`mesh ${index} names a vertex that is not there`);
    const names = mesh.extras?.targetNames ?? [];
    /** @type {any[]} */
    const targets = primitive.targets ?? [];
    return {
      positions, indices, normals: optional(NORMAL, 3), uvs: optional(TEXCOORD_0, 2), colours: optional(COLOR_0, 3), areas: optional(_AREAS, 4),
      targets: targets.map((target, number) => ({
        name: String(names[number] ?? ""),
        positions: scaled(this.#read(target.POSITION, 3, count), scale),
      })),
    };
  }

  /**
   * @param {number} index
   * @param {number} width numbers wanted of each element; more in the file are left out
   * @param {number} [count] elements that there must be
   */
  #read(index, width, count) {
    const accessor = at(this.#json.accessors, index, "accessor");
    const stored = WIDTHS[accessor.type] ?? 0;
    if (stored < width) throw new GlbError(`accessor ${index} is no list of ${width} numbers each`);
    if (!Number.isInteger(accessor.count) || accessor.count < 1 || accessor.count > MOST_VERTICES) throw new GlbError(`the length of accessor ${index} is wrong`);
    if (count !== undefined && accessor.count !== count) throw new GlbError(`accessor ${index} has ${accessor.count} elements instead of ${count}`);
    const { componentType, normalized = false, sparse } = accessor;
    const values = new Float32Array(accessor.count * width);
    /** @param {{bufferView: number, byteOffset?: number}} place @param {number} elements @param {(element: number) => number} target */
    const fill = (place, elements, target) => {
      const read = this.#reader(place, componentType, stored, elements, normalized);
      for (let element = 0; element < elements; element += 1) {
        const to = target(element) * width;
        for (let part = 0; part < width; part += 1) values[to + part] = read(element, part);
      }
    };
    if (accessor.bufferView !== undefined) fill(accessor, accessor.count, (element) => element);
    if (sparse) {
      const place = this.#reader(sparse.indices, sparse.indices.componentType, 1, sparse.count, false);
      fill(sparse.values, sparse.count, (element) => {
        const vertex = place(element, 0);
        if (vertex >= accessor.count) throw new GlbError(`accessor ${index} names a vertex that is not there`);
        return vertex;
      });
    }
    return values;
  }

  /**
   * @param {{bufferView: number, byteOffset?: number}} place
   * @param {number} componentType
   * @param {number} stored numbers of each element in the file
   * @param {number} elements
   * @param {boolean} normalized
   * @returns {(element: number, part: number) => number}
   */
  #reader(place, componentType, stored, elements, normalized) {
    const view = at(this.#json.bufferViews, place.bufferView, "buffer view");
    const [bytes, divisor] = COMPONENTS[componentType] ?? [0, 1];
    if (!bytes) throw new GlbError(`component type ${componentType} is unknown`);
    const start = (view.byteOffset ?? 0) + (place.byteOffset ?? 0);
    const stride = view.byteStride ?? bytes * stored;
    const end = start + stride * (elements - 1) + bytes * stored;
    if (!(start >= 0) || !(end <= this.#binary.byteLength)) throw new GlbError(`buffer view ${place.bufferView} reaches beyond the file`);
    const get = getter(this.#binary, componentType);
    const share = normalized ? 1 / divisor : 1;
    return (element, part) => get(start + element * stride + part * bytes) * share;
  }
}

/** @param {DataView} view @param {number} componentType @returns {(offset: number) => number} */
function getter(view, componentType) {
  if (componentType === 5120) return (offset) => view.getInt8(offset);
  if (componentType === 5121) return (offset) => view.getUint8(offset);
  if (componentType === 5122) return (offset) => view.getInt16(offset, true);
  if (componentType === 5123) return (offset) => view.getUint16(offset, true);
  if (componentType === 5125) return (offset) => view.getUint32(offset, true);
  return (offset) => view.getFloat32(offset, true);
}

/** @param {Float32Array} triples @param {number[]} scale */
function scaled(triples, scale) {
  for (let index = 0; index < triples.length; index += 1) triples[index] *= scale[index % 3];
  return triples;
}
