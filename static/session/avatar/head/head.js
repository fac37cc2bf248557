// @ts-check
/** A persona's head as objects of three.js: what each part is made of, and how a face is put on it. */

import { faceShapes, SHAPES } from "../arkit.js";
import { acrossRibbons, morphNormals, smoothNormals, strandDirections, weld } from "../geometry.js";
import { bend, bendUniforms } from "./bend.js";
import { corneaMaterial, eyeMaterial } from "./eyeball.js";
import { clothMaterial } from "./garment.js";
import { hairMaterial } from "./hair.js";
import { skinMaterial } from "./skin.js";
import { grainTexture } from "./textures.js";

/** @typedef {any} Three the module of three.js */
/** @typedef {import("../gltf.js").HeadModel} HeadModel */
/** @typedef {import("../gltf.js").Part} Part */
/** @typedef {import("../portrait.js").Face} Face */

/** Radians that a full turn, nod and look of the `Face` come to. */
const YAW = 0.15;
const PITCH = 0.115;
const LOOK_ASIDE = 0.36;
const LOOK_DOWN = 0.26;

const DEGREE = Math.PI / 180;

/** Parts that turn with the skull as one piece; the others bend. */
const INSIDE = new Set(["eye_left", "eye_right", "cornea_left", "cornea_right"]);

/** What each part of the mouth makes of the light: little comes in, less the deeper, and teeth shine through. @type {Record<string, {light: number, roughness: number, reflection: number}>} */
const INSIDE_MOUTH = {
  teeth_upper: { light: 1.5, roughness: 0.25, reflection: 0.35 },
  teeth_lower: { light: 1.1, roughness: 0.3, reflection: 0.25 },
  tongue: { light: 0.5, roughness: 0.42, reflection: 0.2 },
  mouth: { light: 0.22, roughness: 0.6, reflection: 0.05 },
};

const FIBROUS = new Set(["hair", "brows", "lashes"]);

export class Head {
  #three;
  #persona;
  #textures;
  #uniforms;
  #eyeUniforms;
  /** @type {{mesh: any, numbers: Record<string, number>}[]} */
  #shaped = [];
  /** @type {any[]} */
  #eyes = [];
  #skull;
  #turn;
  #euler;
  #viewer;

  /**
   * @param {Three} three
   * @param {HeadModel} model
   * @param {import("./frame.js").Frame} frame from where it is looked at
   */
  constructor(three, { persona, parts }, frame) {
    this.#three = three;
    this.#persona = persona;
    const { material, uniforms, texture } = eyeMaterial(three, persona);
    this.#textures = { skin: grainTexture(three, 3, 2600), fibre: grainTexture(three, 5, 0), iris: texture };
    const eye = parts.find((part) => part.name === "eye_left");
    this.#uniforms = bendUniforms(three, persona, (eye ? eye.translation[2] : persona.faceCentre[2]) - 1.0);
    this.#eyeUniforms = uniforms;
    this.#skull = new three.Group();
    this.#skull.position.copy(this.#uniforms.pivot.value);
    this.object = new three.Group();
    this.object.add(this.#skull);
    this.#turn = new three.Quaternion();
    this.#euler = new three.Euler(0, 0, 0, "YXZ");
    this.#viewer = { azimuth: frame.azimuth, distance: frame.distance };
    /** @type {Map<string, any>} */
    const meshes = new Map();
    for (const part of parts) {
      // Shapes that no face asks for would only fill the memory of the graphics card.
      const used = { ...part, targets: part.targets.filter((target) => SHAPES.has(target.name)) };
      meshes.set(part.name, this.#add(used, material, meshes));
    }
  }

  /** @param {Part} part @param {any} eyeMaterialShared @param {Map<string, any>} meshes made before */
  #add(part, eyeMaterialShared, meshes) {
    const three = this.#three;
    const rigid = INSIDE.has(part.name);
    const mesh = new three.Mesh(this.#geometry(part, rigid), this.#material(part.name, eyeMaterialShared));
    mesh.name = part.name;
    mesh.frustumCulled = false;
    if (rigid) {
      mesh.position.set(...part.translation);
      const carrier = part.parent ? meshes.get(part.parent) : null;
      if (!carrier) mesh.position.sub(this.#uniforms.pivot.value);
      (carrier ?? this.#skull).add(mesh);
      if (part.name.startsWith("eye_")) this.#eyes.push(mesh);
      return mesh;
    }
    mesh.castShadow = !["lashes", "brows", "mouth", "tongue"].includes(part.name);
    mesh.receiveShadow = part.name !== "lashes";
    if (mesh.castShadow) {
      mesh.customDepthMaterial = new three.MeshDepthMaterial({ name: `${part.name} depth`, depthPacking: three.RGBADepthPacking });
      bend(mesh.customDepthMaterial, this.#uniforms);
    }
    this.object.add(mesh);
    if (part.targets.length) {
      this.#shaped.push({ mesh, numbers: Object.fromEntries(part.targets.map((target, number) => [target.name, number])) });
    }
    return mesh;
  }

  /** @param {Part} part @param {boolean} rigid */
  #geometry(part, rigid) {
    const three = this.#three;
    const geometry = new three.BufferGeometry();
    const { positions, indices, uvs } = part;
    if (!rigid) positions.forEach((value, index) => (positions[index] = value + part.translation[index % 3]));
    /** @param {string} name @param {Float32Array} values @param {number} width */
    const set = (name, values, width) => geometry.setAttribute(name, new three.BufferAttribute(values, width));
    const twins = weld(positions);
    const normals = part.targets.length || !part.normals ? smoothNormals(positions, indices, twins) : part.normals;
    const count = positions.length / 3;
    geometry.setIndex(new three.BufferAttribute(count > 65_535 ? indices : Uint16Array.from(indices), 1));
    set("position", positions, 3);
    set("normal", normals, 3);
    set("color", part.colours ?? new Float32Array(count * 3).fill(0.5), 3);
    if (part.name === "skin") set("areas", part.areas ?? new Float32Array(count * 4), 4);
    if (FIBROUS.has(part.name)) {
      const places = uvs ?? new Float32Array(count * 2);
      set("strand", strandDirections(positions, places, indices), 3);
      set("strandAt", places, 2);
      set("strandAcross", acrossRibbons(places, indices), 1);
    }
    if (part.targets.length) {
      const folds = part.name === "skin" || part.name === "tongue";
      const morphs = (geometry.morphAttributes.position = part.targets.map((target) => new three.BufferAttribute(target.positions, 3)));
      if (folds) {
        geometry.morphAttributes.normal = morphs.map((/** @type {any} */ morph) => {
          return new three.BufferAttribute(morphNormals(positions, indices, twins, normals, morph.array), 3);
        });
      }
      geometry.morphTargetsRelative = true;
    }
    return geometry;
  }

  /** @param {string} name @param {any} eyeMaterialShared */
  #material(name, eyeMaterialShared) {
    const three = this.#three;
    const { skin, hair, garment } = this.#persona;
    if (name.startsWith("eye_")) return eyeMaterialShared;
    if (name.startsWith("cornea_")) return corneaMaterial(three);
    if (name === "skin") return skinMaterial(three, skin, this.#textures.skin, this.#uniforms);
    if (name.startsWith("garment")) return clothMaterial(three, name, garment.kind, this.#textures.fibre, this.#uniforms);
    if (name === "hair") return hairMaterial(three, name, hair.shine, this.#textures.fibre, this.#uniforms);
    if (FIBROUS.has(name)) return hairMaterial(three, name, 0.15, this.#textures.fibre, this.#uniforms);
    const { light, roughness, reflection } = INSIDE_MOUTH[name] ?? INSIDE_MOUTH.mouth;
    const material = new three.MeshStandardMaterial({
      name, vertexColors: true, side: three.DoubleSide, color: new three.Color(light, light, light), roughness, envMapIntensity: reflection,
    });
    bend(material, this.#uniforms);
    return material;
  }

  /** @param {Face} face */
  pose(face) {
    const shapes = faceShapes(face);
    for (const { mesh, numbers } of this.#shaped) {
      mesh.morphTargetInfluences.fill(0);
      for (const [name, weight] of Object.entries(shapes)) if (name in numbers) mesh.morphTargetInfluences[numbers[name]] = weight;
    }
    // The shoulders are seen a little from the side; the head has turned to the viewer.
    const yaw = this.#viewer.azimuth * 0.7 + face.yaw * YAW;
    const pitch = face.pitch * PITCH;
    this.#turn.setFromEuler(this.#euler.set(pitch, yaw, -face.roll * DEGREE * 0.8));
    this.#bendTo(this.#turn);
    this.#uniforms.breath.value = face.breath;
    this.#skull.quaternion.copy(this.#turn);
    this.#skull.position.copy(this.#uniforms.pivot.value).y += face.breath * 0.016;
    this.#eyeUniforms.lidDrop.value = (1 - Math.min(1, face.lids)) * 0.5 + Math.max(0, face.gazeY) * 0.12 + face.squint * 0.04;
    for (const eye of this.#eyes) {
      // Both eyes meet at the viewer, however the head is turned.
      const vergence = -Math.atan2(eye.position.x, this.#viewer.distance);
      const aside = this.#viewer.azimuth - yaw + face.gazeX * LOOK_ASIDE + vergence;
      eye.rotation.set(face.gazeY * LOOK_DOWN - pitch, aside, 0, "YXZ");
    }
  }

  /** @param {any} turn a quaternion, whose axis and angle the shaders want */
  #bendTo({ x, y, z, w }) {
    const sine = Math.sqrt(Math.max(0, 1 - w * w));
    const angle = 2 * Math.atan2(sine, w);
    if (sine < 1e-6) this.#uniforms.turn.value.set(0, 1, 0, 0);
    else this.#uniforms.turn.value.set(x / sine, y / sine, z / sine, angle);
  }

  /** Give back all memory of the graphics card. */
  dispose() {
    this.object.traverse((/** @type {any} */ object) => {
      object.geometry?.dispose();
      object.material?.dispose();
      object.customDepthMaterial?.dispose();
    });
    for (const texture of Object.values(this.#textures)) texture.dispose();
  }
}
