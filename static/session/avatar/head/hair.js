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
  float band(vec3 along, vec3 between, float sharpness) {
    float across = dot(along, between);
    return smoothstep(-1.0, 0.0, across) * pow(max(0.0, 1.0 - across * across), sharpness * 0.5);
  }
`;

const COLOUR = /* glsl */ `
  vec4 fibre = texture2D(grain, vec2(strandPlace.x * 0.07, strandPlace.y * 0.9));
  diffuseColor.rgb *= 0.78 + 0.95 * (fibre.z - 0.22);
`;

const NORMAL = /* glsl */ `
  vec3 along = normalize(strandDirection);
  vec3 side = normalize(cross(along, normal));
  normal = normalize(normal + side * (fibre.y - 0.5) * 1.1);
`;

const BANDS = /* glsl */ `
  #if NUM_DIR_LIGHTS > 0
  {
    vec3 shifted = normalize(along + normal * (0.10 + (fibre.z - 0.45) * 0.5));
    vec3 tinted = normalize(along - normal * (0.16 - (fibre.z - 0.45) * 0.5));
    for (int light = 0; light < NUM_DIR_LIGHTS; light++) {
      vec3 between = normalize(directionalLights[light].direction + geometryViewDir);
      float facing = clamp(dot(normal, directionalLights[light].direction) * 0.7 + 0.3, 0.0, 1.0);
      vec3 glow = band(shifted, between, 90.0) * vec3(0.10) + band(tinted, between, 22.0) * (diffuseColor.rgb * 0.9 + 0.006);
      reflectedLight.directSpecular += shine * facing * glow * directionalLights[light].color;
    }
  }
  #endif
`;

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
    shader.fragmentShader = edited(shader.fragmentShader, after({
      "#include <common>": FRAGMENT,
      "#include <color_fragment>": COLOUR,
      "#include <normal_fragment_maps>": NORMAL,
      "#include <lights_fragment_end>": BANDS,
    }));
  });
  return material;
}
