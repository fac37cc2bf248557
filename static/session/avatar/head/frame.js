// @ts-check
/** Where the camera stands, so that each persona is framed alike. Pure. Lengths in decimetres. */

/**
 * @typedef {object} Frame
 * @property {[number, number, number]} centre of the picture
 * @property {number} height of the picture at the centre
 * @property {number} distance of the camera from the centre
 * @property {number} fieldOfView degrees, vertical
 * @property {number} azimuth radians that the camera stands to the viewer's right of straight ahead
 */

const FIELD_OF_VIEW = 17;

/** The head from chin to top takes this share of the picture, below a margin at the top. */
const HEAD_SHARE = 0.52;
const MARGIN_SHARE = 0.11;

/**
 * @param {import("../gltf.js").PersonaFacts} persona
 * @returns {Frame}
 */
export function frameOf({ headTop, chin, faceCentre: [x, , z] }) {
  const height = (headTop - chin) / HEAD_SHARE;
  const middle = headTop + height * (MARGIN_SHARE - 0.5);
  return {
    centre: [x, middle, z - 0.6], height, fieldOfView: FIELD_OF_VIEW, azimuth: 0.12,
    distance: height / 2 / Math.tan((FIELD_OF_VIEW * Math.PI) / 360),
  };
}
