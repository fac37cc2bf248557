// @ts-check
/** What was found out before the call, and how it is judged. Pure, a part of `state.js`. */

import { INITIAL } from "./state.js";

/**
 * @typedef {import("./types.js").State} State
 *
 * @typedef {object} ConnectionFound
 * @property {"udp" | "tcp" | "relay"} transport
 * @property {number} roundTripMs
 * @property {number} kilobitsPerSecond from the server to this page
 *
 * @typedef {object} Preflight
 * @property {"waiting" | "heard" | "quiet"} microphone
 * @property {"waiting" | "bright" | "dark" | "frozen"} camera
 * @property {"waiting" | "unchecked" | "unreachable" | ConnectionFound} connection
 *
 * @typedef {"waiting" | "good" | "fair" | "bad" | "unchecked"} Verdict "fair": will work, if less well
 * @typedef {{part: "microphone" | "camera" | "connection", verdict: Verdict, text: string}} Finding `text` is the end of a key `preflight.<part>.…`
 */

/** Above these a talk has pauses that one notices (ITU-T G.114: 150 ms one way is no trouble, 400 ms is the most). */
const GOOD_ROUND_TRIP_MS = 300;
const MOST_ROUND_TRIP_MS = 800;

/** Voice both ways takes about 80 kbit/s, the camera's picture 300 and more. */
const GOOD_KILOBITS = 500;
const LEAST_KILOBITS = 100;

/** @type {Record<string, (state: State, event: any) => Partial<State>>} */
export const PREFLIGHT_HANDLERS = {
  preflightBegun: () => ({ preflight: INITIAL.preflight }),
  microphoneFound: (state, { result }) => ({ preflight: { ...state.preflight, microphone: result } }),
  cameraFound: (state, { result }) => ({ preflight: { ...state.preflight, camera: result } }),
  connectionFound: (state, { result }) => ({ preflight: { ...state.preflight, connection: result } }),
};

/**
 * One line for each part, in the order in which they are shown.
 * @param {State} state
 * @returns {Finding[]}
 */
export function findings({ preflight, microphone, camera }) {
  return [
    { part: "microphone", ...judgeMicrophone(preflight.microphone, microphone) },
    { part: "camera", ...judgeCamera(preflight.camera, camera) },
    { part: "connection", ...judgeConnection(preflight.connection) },
  ];
}

/** @param {Preflight["microphone"]} found @param {State["microphone"]} microphone @returns {{verdict: Verdict, text: string}} */
function judgeMicrophone(found, microphone) {
  if (microphone === "absent") return { verdict: "fair", text: "absent" };
  return { verdict: /** @type {const} */ ({ waiting: "waiting", heard: "good", quiet: "fair" })[found], text: found };
}

/** @param {Preflight["camera"]} found @param {State["camera"]} camera @returns {{verdict: Verdict, text: string}} */
function judgeCamera(found, camera) {
  if (camera === "absent" || camera === "lost") return { verdict: "fair", text: "absent" };
  if (camera === "off") return { verdict: "unchecked", text: "off" };
  return { verdict: /** @type {const} */ ({ waiting: "waiting", bright: "good", dark: "fair", frozen: "bad" })[found], text: found };
}

/** @param {Preflight["connection"]} found @returns {{verdict: Verdict, text: string}} */
function judgeConnection(found) {
  if (found === "waiting" || found === "unchecked") return { verdict: found, text: found };
  if (found === "unreachable") return { verdict: "bad", text: found };
  const { transport, roundTripMs, kilobitsPerSecond } = found;
  if (roundTripMs > MOST_ROUND_TRIP_MS || kilobitsPerSecond < LEAST_KILOBITS) return { verdict: "bad", text: "weak" };
  if (roundTripMs > GOOD_ROUND_TRIP_MS || kilobitsPerSecond < GOOD_KILOBITS) return { verdict: "fair", text: "slow" };
  return transport === "udp" ? { verdict: "good", text: "good" } : { verdict: "fair", text: transport };
}
