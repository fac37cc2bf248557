// @ts-check
/**
 * How the head turns on its neck and the chest rises: in the vertex shader of every material, so that skin, hair and
 * garment bend alike. Places are those of the model at rest; shares run from 0 (shoulders) to 1 (skull).
 */

import { grade } from "./grade.js";
import { after, edited } from "./shader.js";

/** @typedef {any} Three the module of three.js */
/** @typedef {import("../gltf.js").PersonaFacts} PersonaFacts */

const DECLARATIONS = /* glsl */ `
  uniform vec4 turn;      // axis, angle
  uniform vec3 pivot;
  uniform vec2 neck;      // heights between which the share grows
  uniform float breath;
  float headShare(vec3 place) {
    return smoothstep(neck.x, neck.y, place.y + 0.55 * (place.z - pivot.z));
  }
  vec3 turned(vec3 direction, float share) {
    float angle = turn.w * share;
    float c = cos(angle);
    return direction * c + cross(turn.xyz, direction) * sin(angle) + turn.xyz * dot(turn.xyz, direction) * (1.0 - c);
  }
  vec3 bent(vec3 place, float share) {
    vec3 moved = pivot + turned(place - pivot, share);
    float chest = 1.0 - share;
    float front = smoothstep(-0.6, 1.2, place.z - pivot.z);
    return moved + breath * vec3(place.x * 0.010 * chest, 0.016 + 0.020 * chest, 0.035 * front * chest);
  }
`;

/**
 * @param {Three} three
 * @param {PersonaFacts} persona
 * @param {number} neckDepth z of the neck's axis
 */
export function bendUniforms(three, { chin }, neckDepth) {
  return {
    turn: { value: new three.Vector4(0, 1, 0, 0) },
    pivot: { value: new three.Vector3(0, chin + 0.1, neckDepth) },
    neck: { value: new three.Vector2(chin - 1.15, chin + 0.1) },
    breath: { value: 0 },
  };
}

/**
 * Let a material bend.
 * @param {any} material
 * @param {ReturnType<typeof bendUniforms>} uniforms
 * @param {string} [kind] materials of one kind have the same further changes, and share a program
 * @param {(shader: any) => void} [more] further changes to the shader
 */
export function bend(material, uniforms, kind = "", more = () => {}) {
  material.onBeforeCompile = (/** @type {any} */ shader) => {
    Object.assign(shader.uniforms, uniforms);
    shader.vertexShader = edited(shader.vertexShader, after({
      "#include <common>": DECLARATIONS,
      "#include <morphnormal_vertex>": "objectNormal = turned(objectNormal, headShare(position));",
      "#include <morphtarget_vertex>": "transformed = bent(transformed, headShare(position));",
    }));
    if (!material.isMeshDepthMaterial) grade(shader);
    more(shader);
  };
  // Three.js keeps one program for materials of the same source and key; the function's text would not tell ours apart.
  material.customProgramCacheKey = () => `bend ${kind}`;
}
