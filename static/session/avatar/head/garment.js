// @ts-check
/** Cloth: knit, cotton, wool or silk, each with a weave of its own and a soft edge of light. */

import { bend } from "./bend.js";
import { after, edited } from "./shader.js";

/** @typedef {any} Three the module of three.js */

/**
 * @typedef {object} Cloth
 * @property {number} roughness
 * @property {number} sheen
 * @property {number} grain how rough its surface is
 * @property {number} stitches of a knit: rows in a decimetre, 0 = woven
 */

/** @type {Readonly<Record<string, Readonly<Cloth>>>} */
const CLOTHS = Object.freeze({
  knit: { roughness: 0.95, sheen: 0.55, grain: 0.4, stitches: 26 },
  cotton: { roughness: 0.88, sheen: 0.2, grain: 0.34, stitches: 0 },
  wool: { roughness: 0.94, sheen: 0.45, grain: 0.6, stitches: 0 },
  silk: { roughness: 0.46, sheen: 0.35, grain: 0.05, stitches: 0 },
});

const VERTEX = /* glsl */ `
  varying vec3 clothPlace;
  varying vec3 clothNormal;
`;

const FRAGMENT = /* glsl */ `
  uniform sampler2D grain;
  uniform float weave;
  uniform float stitches;
  varying vec3 clothPlace;
  varying vec3 clothNormal;
  // Columns of V-shaped stitches: height, and its slope across and along.
  vec3 stitch(vec2 place) {
    vec2 cell = place * stitches * vec2(1.0, 0.85);
    float side = fract(cell.x) - 0.5;
    float row = fract(cell.y - abs(side) * 1.1) - 0.5;
    float height = (1.0 - 4.0 * row * row) * (1.0 - pow(abs(abs(side) * 4.0 - 1.0), 3.0));
    return vec3(height, sign(side) * (abs(side) * 4.0 - 1.0), row * 2.0);
  }
`;

const COLOUR = /* glsl */ `
  vec3 clothSides = pow(abs(normalize(clothNormal)), vec3(4.0));
  clothSides /= clothSides.x + clothSides.y + clothSides.z;
  vec3 threads = texture2D(grain, clothPlace.zy * 1.9).xyz * clothSides.x + texture2D(grain, clothPlace.xz * 1.9).xyz * clothSides.y + texture2D(grain, clothPlace.xy * 1.9).xyz * clothSides.z;
  vec3 loop = stitches > 0.0 ? stitch(vec2(atan(clothPlace.x, clothPlace.z + 1.2) * 1.6, clothPlace.y)) : vec3(1.0, 0.0, 0.0);
  float near = 1.0 - smoothstep(0.25, 0.7, fwidth(clothPlace.y * stitches));
  diffuseColor.rgb *= mix(1.0, 0.62 + 0.38 * loop.x, near) * (1.0 + 0.35 * weave * (threads.z - 0.5));
`;

const NORMAL = /* glsl */ `
  vec3 rough = vec3(threads.xy - 0.5, 0.0) * weave * 2.2 + vec3(loop.y * 0.35, -loop.z * 0.3, 0.0) * near * step(0.001, stitches);
  normal = normalize(normal + rough);
`;

/**
 * @param {Three} three
 * @param {string} name of the part: each piece of clothing has its own material
 * @param {string} kind
 * @param {any} grain
 * @param {ReturnType<typeof import("./bend.js").bendUniforms>} uniforms
 */
export function clothMaterial(three, name, kind, grain, uniforms) {
  const cloth = CLOTHS[kind] ?? CLOTHS.cotton;
  const material = new three.MeshPhysicalMaterial({
    name, vertexColors: true, roughness: cloth.roughness, side: three.DoubleSide, specularIntensity: 0.6,
    sheen: cloth.sheen, sheenRoughness: 0.6, sheenColor: new three.Color(0.13, 0.13, 0.13),
  });
  bend(material, uniforms, "cloth", (shader) => {
    Object.assign(shader.uniforms, { grain: { value: grain }, weave: { value: cloth.grain }, stitches: { value: cloth.stitches } });
    shader.vertexShader = edited(shader.vertexShader, after({
      "#include <common>": VERTEX, "#include <begin_vertex>": "clothPlace = position; clothNormal = normal;",
    }));
    shader.fragmentShader = edited(shader.fragmentShader, after({
      "#include <common>": FRAGMENT, "#include <color_fragment>": COLOUR, "#include <normal_fragment_maps>": NORMAL,
    }));
  });
  return material;
}
