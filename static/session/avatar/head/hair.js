// @ts-check
/**
 * Hair, brows and lashes: light runs across the strands in two bands, a clear one and one tinted by the hair
 * (after Kajiya and Kay, 1989, and Scheuermann, 2004).
 */

import { bend } from "./bend.js";
import { after, edited } from "./shader.js";

/** @typedef {any} Three the module of three.js */

const VERTEX = /* glsl */ `
  attribute vec3 strand;
  attribute vec2 strandAt;
  varying vec3 strandDirection;
  varying vec2 strandPlace;
`;

const FRAGMENT = /* glsl */ `
  uniform sampler2D grain;
  uniform float shine;
  varying vec3 strandDirection;
  varying vec2 strandPlace; // along the strand, across it
  vec3 hairAlong;
  vec3 hairTint;
  float hairGrain;
  float band(vec3 along, vec3 between, float sharpness) {
    float across = dot(along, between);
    return smoothstep(-1.0, 0.0, across) * pow(max(0.0, 1.0 - across * across), sharpness * 0.5);
  }
`;

const COLOUR = /* glsl */ `
  vec4 fibre = texture2D(grain, vec2(strandPlace.x * 0.07, strandPlace.y * 0.9));
  diffuseColor.rgb *= 0.78 + 0.95 * (fibre.z - 0.22);
  if (!gl_FrontFacing) diffuseColor.rgb *= 0.4; // The inside of the hair, where little light comes.
  hairTint = diffuseColor.rgb * 2.4 + 0.006;
  hairGrain = fibre.z - 0.45;
`;

const NORMAL = /* glsl */ `
  hairAlong = normalize(strandDirection);
  normal = normalize(normal + normalize(cross(hairAlong, normal)) * (fibre.y - 0.5) * 0.9);
`;

/** The two bands of one light, in the place where three.js adds its highlight: there its shadow counts. */
const BANDS = /* glsl */ `
  vec3 between = normalize(directLight.direction + geometryViewDir);
  float facing = clamp(dot(geometryNormal, directLight.direction) * 0.75 + 0.25, 0.0, 1.0);
  vec3 clear = vec3(0.16) * band(normalize(hairAlong + geometryNormal * (0.10 + hairGrain * 0.5)), between, 80.0);
  vec3 tinted = hairTint * band(normalize(hairAlong - geometryNormal * (0.16 - hairGrain * 0.5)), between, 20.0);
  reflectedLight.directSpecular += shine * facing * (clear + tinted) * directLight.color;
  irradiance = facing * directLight.color;
  reflectedLight.directDiffuse += irradiance *`;

/**
 * @param {Three} three
 * @param {string} name
 * @param {number} shine 0 dull to 1 glossy
 * @param {any} grain
 * @param {ReturnType<typeof import("./bend.js").bendUniforms>} uniforms
 */
export function hairMaterial(three, name, shine, grain, uniforms) {
  const material = new three.MeshStandardMaterial({ name, vertexColors: true, roughness: 0.82, side: three.DoubleSide, envMapIntensity: 0.7 });
  bend(material, uniforms, (shader) => {
    shader.uniforms.grain = { value: grain };
    shader.uniforms.shine = { value: shine };
    shader.vertexShader = edited(shader.vertexShader, after({
      "#include <common>": VERTEX,
      "#include <begin_vertex>": "strandDirection = normalMatrix * turned(strand, headShare(position)); strandPlace = strandAt;",
    }));
    shader.fragmentShader = edited(shader.fragmentShader, {
      ...after({ "#include <common>": FRAGMENT, "#include <color_fragment>": COLOUR, "#include <normal_fragment_maps>": NORMAL }),
      "#include <lights_physical_pars_fragment>": edited(three.ShaderChunk.lights_physical_pars_fragment, {
        "reflectedLight.directDiffuse += irradiance *": BANDS,
      }),
    });
  });
  return material;
}
