// @ts-check
/**
 * Messages on the data channel `visavis`: the names and fields of `rtc_server/rtc/messages.py`, which says what each
 * field means. A test compares the two.
 */

/** Fields of every message that the server sends; a trailing `?` marks one that may be absent. */
export const FROM_SERVER = Object.freeze({
  hello: ["sessionId", "rejoined", "heartbeatMs"],
  state: ["state"],
  node: ["nodeId", "nodeType"],
  caption: ["id", "speaker", "text", "final", "typed?"],
  speech: ["utteranceId", "text", "rtpTimestamp", "durationMs", "visemes"],
  speechStopped: ["utteranceId"],
  speechPaused: ["utteranceId"],
  speechResumed: ["utteranceId", "rtpTimestamp", "offsetMs"],
  offerTyping: [],
  askPermissions: ["requestId", "camera", "microphone"],
  askInput: ["requestId", "kind", "value", "sentTo", "codeLength", "resendAfterMs"],
  inputRefused: ["requestId", "problem", "attemptsLeft"],
  closeInput: ["requestId"],
  showCheck: ["requestId", "purpose", "instructions", "sound", "haptics", "cancellable"],
  checkHint: ["requestId", "key"],
  checkChallenge: ["requestId", "index", "count", "kind", "phrase", "limitMs"],
  checkChallengeEnded: ["requestId", "index", "passed"],
  checkProgress: ["requestId", "fraction"],
  showFlash: ["requestId", "colours", "symbolMs"],
  showDocument: [
    "requestId", "side", "step", "problem", "types", "torchButton", "switchButton", "mirrorButton", "upload",
  ],
  documentSeen: ["requestId", "corners"],
  takeStill: ["requestId", "number"],
  sideDone: ["requestId", "side"],
  closeCheck: ["requestId", "result"],
  agent: ["mode", "name"],
  recording: ["state"],
  pong: ["atMs"],
  finished: ["status", "reason"],
  replaced: [],
  problem: ["code", "message", "recoverable"],
});

/** Fields of every message that the page sends. */
export const FROM_PAGE = Object.freeze({
  ping: ["atMs"],
  text: ["text"],
  microphone: ["state"],
  camera: ["state", "label", "width", "height", "framesPerSecond", "purpose"],
  permissions: ["requestId", "camera", "microphone"],
  input: ["requestId", "value"],
  cancelInput: ["requestId"],
  resend: ["requestId"],
  cancelCheck: ["requestId"],
  stillFailed: ["requestId", "number"],
  pressShutter: ["requestId"],
  flashShown: ["requestId", "startedMsAgo"],
  guideByEar: ["requestId", "wanted"],
  flashDeclined: ["requestId", "reason"],
  pace: ["speechRate", "extraTime"],
  stopRecording: [],
  leave: [],
  statistics: ["roundTripMs", "jitterBufferMs", "packetsLost", "concealedSamples"],
});

/**
 * @param {keyof typeof FROM_PAGE} type
 * @param {Record<string, unknown>} [fields]
 * @returns {string} JSON text
 */
export function encode(type, fields = {}) {
  for (const name of FROM_PAGE[type]) if (!(name in fields)) throw new TypeError(`${type}.${name} is missing`);
  return JSON.stringify({ type, ...fields });
}

/**
 * @param {unknown} text
 * @returns {Record<string, any> & {type: keyof typeof FROM_SERVER} | null} null for anything that this page does not know
 */
export function decode(text) {
  if (typeof text !== "string") return null;
  let message;
  try {
    message = JSON.parse(text);
  } catch {
    return null;
  }
  if (message === null || typeof message !== "object" || !Object.hasOwn(FROM_SERVER, message.type)) return null;
  const fields = FROM_SERVER[/** @type {keyof typeof FROM_SERVER} */ (message.type)];
  const complete = fields.every((name) => name.endsWith("?") || name in message);
  return complete ? message : null;
}
