// @ts-check
/**
 * Skin: pores, moist lips, and light that goes in and comes out a little further on, redder.
 *
 * The last is done by letting the light wrap around the form, red most (after d'Eon and Luebke, GPU Gems 3, chapter 14,
 * without the passes), and through where skin is thin.
 */

import { bend } from "./bend.js";
import { after, edited } from "./shader.js";

/** @typedef {any} Three the module of three.js */

const VERTEX = /* glsl */ `
  attribute vec4 areas;
  varying vec3 restPlace;
  varying vec3 restNormal;
  varying vec4 skinAreas;
`;

const FRAGMENT = /* glsl */ `
  uniform sampler2D grain;
  varying vec3 restPlace;
  varying vec3 restNormal;
  varying vec4 skinAreas; // lips, lids, stubble, thin
  vec4 grainAt(vec3 place, vec3 share) {
    return texture2D(grain, place.zy) * share.x + texture2D(grain, place.xz) * share.y + texture2D(grain, place.xy) * share.z;
  }
  vec3 grainSlope(vec3 place, vec3 share) {
    vec2 x = texture2D(grain, place.zy).xy - 0.5, y = texture2D(grain, place.xz).xy - 0.5, z = texture2D(grain, place.xy).xy - 0.5;
    return vec3(0.0, x.y, x.x) * share.x + vec3(y.x, 0.0, y.y) * share.y + vec3(z.x, z.y, 0.0) * share.z;
  }
`;

const COLOUR = /* glsl */ `
  vec3 sides = pow(abs(normalize(restNormal)), vec3(4.0));
  sides /= sides.x + sides.y + sides.z;
  float blotches = grainAt(restPlace * 0.33, sides).z - 0.5;
  float fine = grainAt(restPlace * 2.6, sides).z - 0.5;
  diffuseColor.rgb *= 1.0 + blotches * vec3(0.05, 0.14, 0.13) + fine * 0.09 * (1.0 - skinAreas.x);
  diffuseColor.rgb *= 1.0 - skinAreas.z * 0.28 * smoothstep(0.0, 0.25, -fine);
`;

const ROUGHNESS = /* glsl */ `
  roughnessFactor = mix(roughnessFactor + fine * 0.2, 0.36, skinAreas.x * 0.8);
  roughnessFactor = clamp(roughnessFactor + skinAreas.z * 0.3, 0.2, 1.0);
`;

const PORES = /* glsl */ `
  vec3 pores = grainSlope(restPlace * 2.6, sides) * 0.42 + grainSlope(restPlace * 0.9 + 0.37, sides) * 0.16;
  float finish = mix(1.0, 0.7, skinAreas.x) * (1.0 - 0.5 * skinAreas.y);
  normal = normalize(normal + mat3(viewMatrix) * pores * finish);
`;

/** How far light reaches around the form, by channel. */
const WRAPPED = /* glsl */ `
  float towards = dot(geometryNormal, directLight.direction);
  vec3 reach = vec3(0.42, 0.16, 0.09);
  vec3 wrapped = clamp((towards + reach) / (1.0 + reach), 0.0, 1.0);
  vec3 through = vec3(0.9, 0.22, 0.1) * skinAreas.w * clamp(0.25 - towards, 0.0, 1.0);
  vec3 softIrradiance = (wrapped * mix(wrapped, vec3(1.0), 0.55) + 0.5 * through) * directLight.color;
`;

/**
 * @param {Three} three
 * @param {import("../gltf.js").PersonaFacts["skin"]} look
 * @param {any} grain
 * @param {ReturnType<typeof import("./bend.js").bendUniforms>} uniforms
 */
export function skinMaterial(three, look, grain, uniforms) {
  const material = new three.MeshPhysicalMaterial({ name: "skin", vertexColors: true, roughness: look.roughness, specularIntensity: 0.75, envMapIntensity: 1 });
  bend(material, uniforms, "skin", (shader) => {
    shader.uniforms.grain = { value: grain };
    shader.vertexShader = edited(shader.vertexShader, after({
      "#include <common>": VERTEX,
      "#include <begin_vertex>": "restPlace = position; restNormal = normal; skinAreas = areas;",
    }));
    shader.fragmentShader = edited(shader.fragmentShader, {
      ...after({ "#include <common>": FRAGMENT, "#include <color_fragment>": COLOUR, "#include <roughnessmap_fragment>": ROUGHNESS, "#include <normal_fragment_maps>": PORES }),
      "#include <lights_physical_pars_fragment>": edited(three.ShaderChunk.lights_physical_pars_fragment, {
        ...after({ "float dotNL = saturate( dot( geometryNormal, directLight.direction ) );": WRAPPED }),
        "reflectedLight.directDiffuse += irradiance *": "reflectedLight.directDiffuse += softIrradiance *",
      }),
    });
  });
  return material;
}
