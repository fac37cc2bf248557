// @ts-check
/** Microphone and camera: asking for them, and saying why they are not there. */

/**
 * @typedef {import("./types.js").DeviceProblem} DeviceProblem
 * @typedef {"microphone" | "camera"} Device
 */

const AUDIO = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };
const VIDEO = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 15, max: 30 } };
const FACING = { facingMode: "user" };

/** Names of DOMException that getUserMedia rejects with (Media Capture and Streams, §10.2). */
const PROBLEMS = /** @type {Record<string, DeviceProblem>} */ ({
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "missing",
  NotReadableError: "in_use",
  AbortError: "in_use",
  OverconstrainedError: "unsuitable",
});

/**
 * What a device is asked for with. The one that was chosen is demanded: Chromium takes its default before one that is only `ideal`.
 * @param {Device} device
 * @param {string} id empty = any
 * @returns {MediaStreamConstraints}
 */
function constraints(device, id) {
  const deviceId = id ? { deviceId: { exact: id } } : {};
  if (device === "microphone") return { audio: { ...AUDIO, ...deviceId } };
  return { video: { ...VIDEO, ...(id ? deviceId : FACING) } };
}

/** The browser's choice of every device. @type {Readonly<Record<Device, string>>} */
const ANY = Object.freeze({ microphone: "", camera: "" });

/** Problems that mean "not allowed"; the others mean "not to be had". */
const REFUSALS = new Set(["denied", "embed_denied", "insecure"]);

export class DeviceError extends Error {
  /** @param {DeviceProblem} problem */
  constructor(problem) {
    super(problem);
    this.problem = problem;
  }
}

/**
 * Open microphone and camera; a camera that is not to be had is done without, a microphone is not.
 * @param {Readonly<Record<Device, string>>} [wished] ids of the devices that the person chose
 * @returns {Promise<MediaStream>}
 * @throws {DeviceError}
 */
export async function openDevices(wished = ANY) {
  const { stream, problems } = await openWanted(["microphone", "camera"], wished);
  if (!problems.microphone) return stream;
  stream.getTracks().forEach((track) => track.stop());
  throw new DeviceError(problems.microphone);
}

/**
 * Open these devices, together where possible: one question of the browser instead of two.
 * @param {Device[]} wanted
 * @param {Readonly<Record<Device, string>>} [wished] ids of the devices that the person chose
 * @returns {Promise<{stream: MediaStream, problems: Partial<Record<Device, DeviceProblem>>}>} what could be had, and why the rest could not
 */
export async function openWanted(wanted, wished = ANY) {
  const stream = new MediaStream();
  /** @type {Partial<Record<Device, DeviceProblem>>} */
  const problems = {};
  const secure = window.isSecureContext && navigator.mediaDevices;
  for (const device of wanted) {
    if (!secure) problems[device] = "insecure";
    else if (embedderForbids(device)) problems[device] = "embed_denied";
  }
  const devices = wanted.filter((device) => !problems[device]);
  /** @param {Device[]} some @param {Readonly<Record<Device, string>>} [ids] */
  const open = async (some, ids = wished) => {
    try {
      const opened = await navigator.mediaDevices.getUserMedia(Object.assign({}, ...some.map((device) => constraints(device, ids[device]))));
      opened.getTracks().forEach((track) => stream.addTrack(track));
      for (const device of some) delete problems[device];
    } catch (error) {
      const problem = problemOf(error);
      for (const device of some) problems[device] = problem;
      // What was chosen has gone: any other does.
      if ((problem === "unsuitable" || problem === "missing") && some.some((device) => ids[device])) await open(some, ANY);
    }
  };
  if (devices.length > 0) await open(devices);
  const failed = devices.filter((device) => problems[device]);
  if (failed.length > 1) for (const device of await worthAskingAlone(failed, problems)) await open([device]);
  return { stream, problems };
}

/**
 * Open a camera: the first of these wishes that can be had.
 * @param {MediaTrackConstraints[]} wishes
 * @returns {Promise<{stream: MediaStream | null, problem: DeviceProblem | null}>} one of them is null
 */
export async function openCamera(wishes) {
  if (!window.isSecureContext || !navigator.mediaDevices) return { stream: null, problem: "insecure" };
  if (embedderForbids("camera")) return { stream: null, problem: "embed_denied" };
  /** @type {DeviceProblem} */
  let problem = "missing";
  for (const video of wishes) {
    try {
      return { stream: await navigator.mediaDevices.getUserMedia({ video }), problem: null };
    } catch (error) {
      problem = problemOf(error);
      if (problem === "denied") break; // Asking again in other words would pester.
    }
  }
  return { stream: null, problem };
}

/**
 * What to tell the server about a device that could not be opened.
 * @param {DeviceProblem | undefined} problem undefined: it was never asked for
 * @returns {"denied" | "absent"}
 */
export const verdict = (problem) => (problem && REFUSALS.has(problem) ? "denied" : "absent");

/** Whether the browser will hand these out without asking the person. @param {Device[]} devices */
export async function alreadyAllowed(devices) {
  const states = await Promise.all(devices.map(permissionState));
  return states.every((state) => state === "granted");
}

/**
 * Of devices that failed together, those that might do alone. Asking again for all would pester a person who refused both.
 * @param {Device[]} failed
 * @param {Partial<Record<Device, DeviceProblem>>} problems
 */
async function worthAskingAlone(failed, problems) {
  const states = await Promise.all(failed.map(permissionState));
  const someBlocked = states.includes("denied");
  // Not asked at all: the browser refuses a joint wish without a question when one of the devices is blocked already.
  const unasked = (/** @type {string} */ state) => state === "prompt" && someBlocked;
  return failed.filter((device, i) => problems[device] !== "denied" || states[i] === "granted" || unasked(states[i]));
}

/** @param {unknown} error @returns {DeviceProblem} */
const problemOf = (error) => PROBLEMS[error instanceof DOMException ? error.name : ""] ?? "failed";

/** @param {Device} device @returns {Promise<PermissionState | "unknown">} "unknown" where the browser does not tell */
export async function permissionState(device) {
  try {
    return (await navigator.permissions.query({ name: /** @type {PermissionName} */ (device) })).state;
  } catch {
    return "unknown";
  }
}

/**
 * Be told when a permission is given or taken away in the browser's own settings; silent where the browser does not tell.
 * @param {Device} device
 * @param {(state: PermissionState) => void} changed
 */
export async function watchPermission(device, changed) {
  try {
    const status = await navigator.permissions.query({ name: /** @type {PermissionName} */ (device) });
    status.onchange = () => changed(status.state);
  } catch {
    // Firefox knows no such names before 132; the ended track says enough.
  }
}

/** True when this page is framed without leave for the device; browsers that cannot tell say false. @param {Device} device */
function embedderForbids(device) {
  const policy = /** @type {any} */ (document).permissionsPolicy ?? /** @type {any} */ (document).featurePolicy;
  return window.parent !== window && policy?.allowsFeature?.(device) === false;
}
