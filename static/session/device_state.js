// @ts-check
/** Microphone, camera and loudspeaker: what is held, chosen, lost and found. Pure, a part of `state.js`. */

import { PREFLIGHT_HANDLERS } from "./preflight_state.js";

/**
 * @typedef {"microphone" | "camera" | "speaker"} Gear
 * @typedef {{id: string, label: string}} Choice a device as the browser names it
 * @typedef {Readonly<Record<Gear, readonly Choice[]>>} Choices empty until the browser tells names, which it does once one is allowed
 * @typedef {Readonly<Record<Gear, string>>} Chosen id of the device in use; empty = none, or the browser's own choice
 */

/** @type {import("./types.js").Handlers} */
export const DEVICE_HANDLERS = {
  ...PREFLIGHT_HANDLERS,

  devices: (_state, { microphone, camera }) => ({
    screen: "ready", deviceProblem: null, microphone: microphone ? "live" : "absent", camera: camera ? "on" : "absent",
  }),
  withoutMicrophone: () => ({ microphone: "absent", camera: "absent", deviceProblem: null, transcript: true, typingOffered: true }),
  microphone: (state, { muted }) => (state.microphone === "absent" ? {} : { microphone: muted ? "muted" : "live" }),
  microphoneLost: () => ({ microphone: "absent", typingOffered: true, notice: "microphone_lost" }),
  microphoneBack: ({ camera }) => ({ microphone: "live", notice: camera === "lost" ? "camera_lost" : null }),
  camera: (state, { on }) => (state.camera === "on" || state.camera === "off" ? { camera: on ? "on" : "off" } : {}),
  cameraLost: ({ notice }) => ({ camera: "lost", cameraProblem: null, documentCamera: null, notice: notice ?? "camera_lost" }),
  cameraBack: ({ notice }) => ({ camera: "on", cameraProblem: null, notice: notice?.startsWith("camera_") ? null : notice }),
  cameraReleased: () => ({ camera: "absent", cameraProblem: null }),
  cameraProblem: (_state, { problem }) => ({ cameraProblem: problem }),

  devicesListed: (_state, { choices, chosen }) => ({ choices, chosen }),
  deviceReplaced: (_state, { device }) => ({ notice: `${device}_replaced` }),
  deviceRevoked: (_state, { device }) => ({ notice: `${device}_revoked` }),
  deviceInterrupted: (state, { device }) => (state.screen === "call" ? { notice: `${device}_interrupted` } : {}),
  deviceGoesOn: ({ notice }, { device }) => (notice === `${device}_interrupted` ? { notice: null } : {}),

  openHandoff: () => ({ settingsOpen: null, handoff: { picture: null, failed: false } }),
  handoffPicture: ({ handoff }, { picture }) => (handoff ? { handoff: { picture, failed: picture === null } } : {}),
  closeHandoff: () => ({ handoff: null }),
};
