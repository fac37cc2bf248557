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
  attribute float strandAcross;
  varying vec3 strandDirection;
  varying vec3 strandPlace;
`;

const FRAGMENT = /* glsl */ `
  uniform sampler2D grain;
  uniform float shine;
  uniform float fray;
  varying vec3 strandDirection;
  varying vec3 strandPlace; // along the lock, on the strip of fibres, across the lock from -1 to 1
  vec3 hairAlong;
  vec3 hairTint;
  float hairGrain;
  float band(vec3 along, vec3 between, float sharpness) {
    float across = dot(along, between);
    return smoothstep(-1.0, 0.0, across) * pow(max(0.0, 1.0 - across * across), sharpness * 0.5);
  }
`;

const COLOUR = /* glsl */ `
  vec4 fibre = texture2D(grain, vec2(strandPlace.x * 0.06, strandPlace.y * 1.3));
  float bundle = texture2D(grain, vec2(strandPlace.x * 0.035 + 0.41, strandPlace.y * 0.55)).z;
  // Locks end in single hairs, and so do their edges.
  float thin = 0.5 * smoothstep(0.35, 1.0, abs(strandPlace.z)) * smoothstep(0.05, 0.3, strandPlace.x) + 0.62 * smoothstep(0.62, 1.0, strandPlace.x);
  if (fray > 0.0 && 0.55 * fibre.z + 0.45 * bundle < thin) discard;
  diffuseColor.rgb *= 0.2 + 0.9 * fibre.z + 0.6 * bundle;
  if (!gl_FrontFacing) diffuseColor.rgb *= 0.4; // The inside of the hair, where little light comes.
  hairTint = diffuseColor.rgb * 1.5 + 0.003;
  hairGrain = (fibre.z - 0.5) * 0.5;
`;

const NORMAL = /* glsl */ `
  hairAlong = normalize(strandDirection);
  normal = normalize(normal + normalize(cross(hairAlong, normal)) * (fibre.y - 0.5) * 0.9);
`;

/** The two bands of one light, in the place where three.js adds its highlight: there its shadow counts. */
const BANDS = /* glsl */ `
  vec3 between = normalize(directLight.direction + geometryViewDir);
  float facing = clamp(dot(geometryNormal, directLight.direction) * 0.75 + 0.25, 0.0, 1.0);
  vec3 clear = vec3(0.05) * band(normalize(hairAlong + geometryNormal * (0.10 + hairGrain * 0.5)), between, 36.0);
  vec3 tinted = hairTint * band(normalize(hairAlong - geometryNormal * (0.16 - hairGrain * 0.5)), between, 9.0);
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
  bend(material, uniforms, "hair", (shader) => {
    shader.uniforms.grain = { value: grain };
    shader.uniforms.shine = { value: shine };
    shader.uniforms.fray = { value: name === "hair" ? 1 : 0 };
    shader.vertexShader = edited(shader.vertexShader, after({
      "#include <common>": VERTEX,
      "#include <begin_vertex>": "strandDirection = normalMatrix * turned(strand, headShare(position)); strandPlace = vec3(strandAt, strandAcross);",
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
