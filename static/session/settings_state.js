// @ts-check
/** What the person chose for comfort and devices, and what was agreed to. Pure, a part of `state.js`. */

/**
 * @typedef {import("./state.js").State} State
 * @typedef {"microphone" | "camera" | "speaker"} Gear
 * @typedef {{id: string, label: string}} Choice a device as the browser names it
 * @typedef {Readonly<Record<Gear, readonly Choice[]>>} Choices empty until the browser tells names, which it does once one is allowed
 * @typedef {Readonly<Record<Gear, string>>} Chosen id of the device in use; empty = none, or the browser's own choice
 */

/** @type {Choices} */
export const NO_CHOICES = Object.freeze({ microphone: [], camera: [], speaker: [] });

/** @type {Chosen} */
export const NOTHING_CHOSEN = Object.freeze({ microphone: "", camera: "", speaker: "" });

/** @type {Record<string, (state: State, event: any) => Partial<State>>} */
export const SETTINGS_HANDLERS = {
  comfort: (state, { change }) => ({ comfort: { ...state.comfort, ...change } }),
  devicesListed: (_state, { choices, chosen }) => ({ choices, chosen }),
  deviceReplaced: (_state, { device }) => ({ notice: `${device}_replaced` }),
  deviceRevoked: (_state, { device }) => ({ notice: `${device}_revoked` }),
  deviceInterrupted: (state, { device }) => (state.screen === "call" ? { notice: `${device}_interrupted` } : {}),
  deviceGoesOn: ({ notice }, { device }) => (notice === `${device}_interrupted` ? { notice: null } : {}),

  openSettings: () => ({ settingsOpen: "all" }),
  openLanguage: () => ({ settingsOpen: "language" }),
  closeSettings: () => ({ settingsOpen: null }),
  openHandoff: () => ({ settingsOpen: null, handoff: { picture: null, failed: false } }),
  handoffPicture: ({ handoff }, { picture }) => (handoff ? { handoff: { picture, failed: picture === null } } : {}),
  closeHandoff: () => ({ handoff: null }),

  agreed: () => ({ consentWanted: false }),
};
