// @ts-check
/** The picture after tone mapping: AgX is soft as a negative, and this is its print, with deeper shadows and fuller colour. */

import { after, edited } from "./shader.js";

const PRINT = /* glsl */ `
  gl_FragColor.rgb = pow(max(gl_FragColor.rgb, 0.0), vec3(1.25));
  gl_FragColor.rgb = max(mix(vec3(dot(gl_FragColor.rgb, vec3(0.2126, 0.7152, 0.0722))), gl_FragColor.rgb, 1.12), 0.0);
`;

/**
 * @param {any} shader of a material of three.js, whose fragment shader is changed
 */
export function grade(shader) {
  shader.fragmentShader = edited(shader.fragmentShader, after({ "#include <tonemapping_fragment>": PRINT }));
}
