// @ts-check
/**
 * From what the face is doing to the weights of ARKit's face shapes (Apple, "ARFaceAnchor.BlendShapeLocation"). Pure.
 *
 * Each viseme is a point of eight numbers (`visemes.js`); each of these numbers moves some shapes by the table below. So every
 * Oculus viseme has its fixed mix, and what lies between two visemes lies between their mixes.
 */

/** @typedef {import("./visemes.js").Mouth} Mouth */
/** @typedef {import("./portrait.js").Face} Face */
/** @typedef {Record<string, number>} Shapes weights from 0 to 1 by name of the shape */

/**
 * What a full movement of one part of the mouth weighs. "±" names both sides.
 * @type {Readonly<Record<"wide" | "narrow" | "upper" | "drop" | "tuck" | "press" | "teeth", Readonly<Shapes>>>}
 */
const ARTICULATION = Object.freeze({
  wide: { "mouthStretch±": 0.34, "mouthSmile±": 0.26, "mouthDimple±": 0.12 },
  narrow: { mouthPucker: 0.4 },
  upper: { "mouthUpperUp±": 0.8 },
  drop: { "mouthLowerDown±": 0.6 },
  tuck: { mouthRollLower: 0.95, mouthShrugLower: 0.15 },
  press: { "mouthPress±": 0.5, mouthRollLower: 0.22, mouthRollUpper: 0.2 },
  teeth: { "mouthUpperUp±": 0.3, "mouthLowerDown±": 0.1 },
});

/** ARKit's jaw opens as for a dentist; people open less than half of that for a loud "aa". */
const JAW = 0.44;

/** Lids at rest cover a little of the iris: without that a face stares. */
const RESTING_LID = 0.05;

/** Left and right: one corner of a smile is a little ahead, as in every face. */
const SIDES = [1, 0.93];

/** Both sides of a shape. @param {string} name */
const pair = (name) => [`${name}Left`, `${name}Right`];

/** Every shape that a face may ask for. @type {ReadonlySet<string>} */
export const SHAPES = new Set([
  "jawOpen", "mouthClose", "mouthFunnel", "mouthPucker", "mouthRollLower", "mouthRollUpper", "mouthShrugLower", "tongueOut", "browInnerUp",
  ...["mouthStretch", "mouthSmile", "mouthDimple", "mouthUpperUp", "mouthLowerDown", "mouthPress", "mouthFrown"].flatMap(pair),
  ...["cheekSquint", "eyeSquint", "eyeBlink", "eyeWide", "eyeLookDown", "eyeLookUp", "browOuterUp", "browDown"].flatMap(pair),
]);

/** @param {number} value */
const unit = (value) => Math.min(1, Math.max(0, value));

/** Weights that add up by name. */
class Mix {
  /** @type {Shapes} */
  shapes = {};

  /** @param {string} name "±" at its end stands for both sides @param {number} weight */
  add(name, weight) {
    if (weight === 0) return;
    if (!name.endsWith("±")) this.shapes[name] = (this.shapes[name] ?? 0) + weight;
    else pair(name.slice(0, -1)).forEach((side, number) => this.add(side, weight * SIDES[number]));
  }

  /** @param {Readonly<Shapes>} shapes @param {number} share */
  addAll(shapes, share) {
    for (const [name, weight] of Object.entries(shapes)) this.add(name, weight * share);
  }
}

/**
 * @param {Mix} mix
 * @param {Mouth} mouth
 */
function addMouth(mix, mouth) {
  const jaw = unit(mouth.open) * JAW;
  mix.add("jawOpen", jaw);
  mix.addAll(ARTICULATION.wide, Math.max(0, mouth.width));
  mix.addAll(ARTICULATION.narrow, Math.max(0, -mouth.width));
  mix.addAll(ARTICULATION.upper, mouth.upper);
  mix.addAll(ARTICULATION.drop, Math.max(0, mouth.lower));
  mix.addAll(ARTICULATION.tuck, Math.max(0, -mouth.lower));
  mix.addAll(ARTICULATION.press, mouth.press);
  mix.addAll(ARTICULATION.teeth, mouth.teeth);
  // Rounded lips reach forward when nearly shut ("oo") and flare when the jaw is low ("oh").
  mix.add("mouthPucker", mouth.round * (0.78 - 0.5 * unit(mouth.open)));
  mix.add("mouthFunnel", mouth.round * (0.16 + 0.5 * unit(mouth.open + 0.5 * mouth.upper)));
  mix.add("tongueOut", Math.max(0, mouth.tongue - 0.7) * 0.55);
  mix.add("mouthShrugLower", mouth.round * 0.08);
  // The lips meet wherever the jaw still is on its way.
  mix.add("mouthClose", mouth.press * jaw);
}

/**
 * @param {Mix} mix
 * @param {Face} face
 */
function addExpression(mix, face) {
  const { mouth } = face;
  const smile = face.smile * (1 - 0.45 * mouth.round) * (1 - 0.3 * unit(mouth.open)) * (1 - 0.3 * mouth.press);
  mix.add("mouthSmile±", Math.max(0, smile) * 0.7);
  mix.add("mouthDimple±", Math.max(0, smile) * 0.1);
  mix.add("mouthFrown±", Math.max(0, -smile) * 0.4);
  mix.add("cheekSquint±", Math.max(0, smile) * 0.34);
  mix.add("eyeSquint±", unit(face.squint * 0.5 + Math.max(0, smile) * 0.16));
  mix.add("browInnerUp", Math.max(0, face.brow) * 0.42 + Math.max(0, face.frown) * 0.5);
  mix.add("browOuterUp±", Math.max(0, face.brow) * 0.34);
  mix.add("browDown±", Math.max(0, -face.brow) * 0.4 + Math.max(0, -face.frown) * 0.4);
}

/**
 * Lids follow the eyes down, and brows go along with a blink a little.
 * @param {Mix} mix
 * @param {Face} face
 */
function addLids(mix, face) {
  const shut = unit(1 - face.lids * (1 - RESTING_LID));
  mix.add("eyeBlinkLeft", shut);
  mix.add("eyeBlinkRight", shut);
  mix.add("browDown±", unit(1 - face.lids) * 0.1);
  mix.add("eyeWide±", Math.max(0, face.lids - 1));
  mix.add("eyeLookDown±", Math.max(0, face.gazeY) * (1 - shut) * 0.8);
  mix.add("eyeLookUp±", Math.max(0, -face.gazeY) * (1 - shut) * 0.8);
}

/**
 * @param {Face} face
 * @returns {Shapes} only those that are not zero
 */
export function faceShapes(face) {
  const mix = new Mix();
  addMouth(mix, face.mouth);
  addExpression(mix, face);
  addLids(mix, face);
  for (const [name, weight] of Object.entries(mix.shapes)) mix.shapes[name] = unit(weight);
  return mix.shapes;
}
