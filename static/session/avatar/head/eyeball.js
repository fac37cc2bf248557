// @ts-check
/** The eye: iris behind a wet cornea, and the soft shadow that lids and lashes throw on the ball. */

import { grade } from "./grade.js";
import { after, edited } from "./shader.js";
import { IRIS_REACH, irisTexture } from "./textures.js";

/** @typedef {any} Three the module of three.js */

const VERTEX = /* glsl */ `
  varying vec3 ballPlace;   // on the ball at rest, looking along z
  varying vec3 ballLook;    // towards the camera, as the turned ball sees it
  varying vec3 socketPlace; // as the socket sees it
`;

const PLACES = /* glsl */ `
  ballPlace = position;
  socketPlace = mat3(modelMatrix) * position;
  ballLook = transpose(mat3(modelMatrix)) * (cameraPosition - (modelMatrix * vec4(position, 1.0)).xyz);
`;

const FRAGMENT = /* glsl */ `
  uniform sampler2D iris;
  uniform float irisRadius;
  uniform float ballRadius;
  uniform float lidDrop;
  varying vec3 ballPlace;
  varying vec3 ballLook;
  varying vec3 socketPlace;
`;

const COLOUR = /* glsl */ `
  vec3 look = normalize(ballLook);
  // The iris lies behind the clear cornea: seen from the side it shifts.
  float within = 1.0 - smoothstep(0.75, 1.15, length(ballPlace.xy) / irisRadius);
  vec2 seen = ballPlace.xy - look.xy * 0.16 * irisRadius * within;
  vec2 place = seen / irisRadius;
  vec3 painted = texture2D(iris, place / ${IRIS_REACH.toFixed(2)} * 0.5 + 0.5).rgb;
  float white = smoothstep(1.04, 1.12, length(place));
  vec3 ball = vec3(0.80, 0.755, 0.73);
  float edge = smoothstep(0.45, 1.0, length(ballPlace.xy) / ballRadius);
  ball *= mix(vec3(1.0), vec3(0.86, 0.62, 0.58), edge * 0.8);
  diffuseColor.rgb = ballPlace.z > 0.0 ? mix(painted, ball, white) : ball;
  vec2 socket = socketPlace.xy / ballRadius;
  float lid = smoothstep(0.62 - lidDrop, 0.06 - lidDrop, socket.y);
  float below = smoothstep(-0.62, -0.30, socket.y);
  float corners = 1.0 - smoothstep(0.45, 0.98, abs(socket.x));
  diffuseColor.rgb *= mix(0.30, 1.0, lid) * mix(0.62, 1.0, below) * mix(0.55, 1.0, corners);
`;

/**
 * @param {Three} three
 * @param {import("../gltf.js").PersonaFacts} persona
 */
export function eyeMaterial(three, persona) {
  const texture = irisTexture(three, persona.irisColour, 11);
  const uniforms = {
    iris: { value: texture }, irisRadius: { value: persona.irisRadius }, ballRadius: { value: persona.eyeRadius }, lidDrop: { value: 0 },
  };
  const material = new three.MeshStandardMaterial({ name: "eye", roughness: 0.42, envMapIntensity: 0.7 });
  material.onBeforeCompile = (/** @type {any} */ shader) => {
    Object.assign(shader.uniforms, uniforms);
    shader.vertexShader = edited(shader.vertexShader, after({ "#include <common>": VERTEX, "#include <begin_vertex>": PLACES }));
    shader.fragmentShader = edited(shader.fragmentShader, after({ "#include <common>": FRAGMENT, "#include <color_fragment>": COLOUR }));
    grade(shader);
  };
  material.customProgramCacheKey = () => "eye";
  return { material, uniforms, texture };
}

/** Only what shines: the highlight of the window in a wet eye. @param {Three} three */
export function corneaMaterial(three) {
  return new three.MeshPhysicalMaterial({
    name: "cornea", color: 0x000000, roughness: 0.045, metalness: 0, ior: 1.376, envMapIntensity: 0.45,
    transparent: true, blending: three.AdditiveBlending, depthWrite: false,
  });
}
