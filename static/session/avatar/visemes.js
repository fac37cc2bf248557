// @ts-check
/**
 * The mouth as eight numbers, and the fifteen Oculus visemes in these numbers.
 *
 * Set of visemes: Meta, "Oculus LipSync viseme reference" (sil, PP, FF, TH, DD, kk, CH, SS, nn, RR, aa, E, I, O, U).
 */

/**
 * @typedef {object} Mouth
 * @property {number} open jaw, 0 closed to 1 wide open
 * @property {number} width lip corners, -1 drawn in to 1 drawn apart
 * @property {number} round lips pushed forward, 0 to 1
 * @property {number} upper upper lip raised, 0 to 1
 * @property {number} lower lower lip, -1 tucked under the teeth to 1 dropped
 * @property {number} press lips pressed together, 0 to 1
 * @property {number} teeth upper teeth in sight, 0 to 1
 * @property {number} tongue tongue in sight, 0 low to 1 between the teeth
 */

/** @type {Readonly<Mouth>} */
export const CLOSED = Object.freeze({ open: 0, width: 0, round: 0, upper: 0, lower: 0, press: 0, teeth: 0, tongue: 0 });

/**
 * @param {Partial<Mouth>} values
 * @returns {Readonly<Mouth>}
 */
const mouth = (values) => Object.freeze({ ...CLOSED, ...values });

/** @type {Readonly<Record<string, Readonly<Mouth>>>} */
export const VISEMES = Object.freeze({
  sil: CLOSED,
  PP: mouth({ press: 0.9 }),
  FF: mouth({ open: 0.14, lower: -0.6, upper: 0.55, teeth: 1, width: 0.1 }),
  TH: mouth({ open: 0.24, teeth: 0.6, tongue: 1, width: 0.05 }),
  DD: mouth({ open: 0.24, upper: 0.2, teeth: 0.8, tongue: 0.55 }),
  kk: mouth({ open: 0.32, width: 0.1, teeth: 0.5, tongue: 0.2 }),
  CH: mouth({ open: 0.2, round: 0.55, upper: 0.25, lower: 0.25, teeth: 1 }),
  SS: mouth({ open: 0.13, width: 0.4, upper: 0.2, lower: 0.3, teeth: 1 }),
  nn: mouth({ open: 0.2, width: 0.1, teeth: 0.6, tongue: 0.6 }),
  RR: mouth({ open: 0.24, round: 0.5, teeth: 0.4, tongue: 0.3 }),
  aa: mouth({ open: 0.86, width: 0.08, upper: 0.15, teeth: 0.7, tongue: 0.15 }),
  E: mouth({ open: 0.5, width: 0.38, upper: 0.2, teeth: 0.8, tongue: 0.3 }),
  I: mouth({ open: 0.3, width: 0.55, upper: 0.25, teeth: 0.9, tongue: 0.35 }),
  O: mouth({ open: 0.62, round: 0.72, teeth: 0.2, tongue: 0.1 }),
  U: mouth({ open: 0.26, round: 1 }),
});

/**
 * How strongly a viseme holds its shape against its neighbours (after Cohen and Massaro's dominance functions, 1993):
 * lips that must meet do meet, sounds made far back take the shape of their surroundings.
 * @type {Readonly<Record<string, number>>}
 */
export const DOMINANCE = Object.freeze({
  sil: 0.6, PP: 4, FF: 3, TH: 1.2, DD: 0.8, kk: 0.5, CH: 1.6, SS: 1.2, nn: 0.7, RR: 0.9, aa: 1.1, E: 1, I: 1, O: 1.4, U: 1.6,
});

/**
 * The point between two mouths.
 * @param {Mouth} from
 * @param {Mouth} to
 * @param {number} share 0 = from, 1 = to
 * @returns {Mouth}
 */
export function blend(from, to, share) {
  const mixed = { ...CLOSED };
  for (const key of /** @type {(keyof Mouth)[]} */ (Object.keys(CLOSED))) mixed[key] = from[key] + (to[key] - from[key]) * share;
  return mixed;
}
