// @ts-check
/** Every sentence that the page shows, in one place. */

/** @typedef {import("./state.js").State} State */

/**
 * The customer's text for the permissions page, in the session's language where there is one.
 * @param {Record<string, any>} page `customization.permissionsPage`
 * @param {string} name
 * @param {string} language
 * @returns {string} empty when the customer gave none
 */
export function customText(page, name, language) {
  const translated = page?.[`${name}Translates`];
  return translated?.[language] ?? translated?.[language.split("-")[0]] ?? page?.[name] ?? "";
}

/** @type {Record<string, string>} */
export const STATE_HINTS = {
  idle: "Getting ready",
  listening: "Listening",
  hearing: "Hearing you",
  thinking: "Thinking",
  speaking: "Speaking",
  waiting: "One moment",
  answering: "Waiting for you",
  reconnecting: "Reconnecting",
};

/** @type {Record<State["microphone"], string>} */
export const MICROPHONE_LABELS = {
  live: "Mute microphone",
  muted: "Unmute microphone",
  absent: "No microphone",
  off: "Microphone is not on yet",
};

/** @type {Record<State["camera"], string>} */
export const CAMERA_LABELS = {
  on: "Turn camera off",
  off: "Turn camera on",
  lost: "Connect the camera again",
  absent: "No camera",
};

/** @type {Record<import("./requests.js").InputRequest["kind"], {label: string, hint: string, empty: string, send: string, checking: string, cancel: string}>} */
export const FIELDS = {
  email: {
    label: "Your e-mail address",
    hint: "Type it here, or say it out loud.",
    empty: "Please write your e-mail address first.",
    send: "Send", checking: "Sending…", cancel: "Not now",
  },
  phone: {
    label: "Your phone number",
    hint: "With the country code. Type it here, or say it out loud.",
    empty: "Please write your phone number first.",
    send: "Send", checking: "Sending…", cancel: "Not now",
  },
  code: {
    label: "Enter your code",
    hint: "Type it here, or say it digit by digit.",
    empty: "This code is not complete yet.",
    send: "Check code", checking: "Checking…", cancel: "Cancel",
  },
};

/**
 * Why a value was not taken, and what to do.
 * @param {{code: string, attemptsLeft: number}} problem
 * @param {import("./requests.js").InputRequest["kind"]} kind
 */
export function refusal({ code, attemptsLeft }, kind) {
  switch (code) {
    case "invalid_email":
      return "That does not look like an e-mail address. Please check it for slips.";
    case "invalid_phone":
      return "That does not look like a phone number. Please write it with the country code, such as +44.";
    case "wrong_code":
      return `That is not the code. ${attemptsLeft === 1 ? "You have one more try." : attemptsLeft > 1 ? `You have ${attemptsLeft} more tries.` : "There are no tries left."}`;
    case "expired_code":
      return "That code is no longer valid. Please send a new one.";
    case "not_sent":
      return kind === "code" ? "We could not send a code just now. Please try again in a moment." : "We could not send anything there. Please check it.";
    default:
      return "That was not taken. Please try again.";
  }
}

/**
 * What the card says that asks for devices.
 * @param {string} name of the avatar
 * @param {boolean} microphone
 * @param {boolean} camera
 */
export function devicesWanted(name, microphone, camera) {
  const what = microphone && camera ? "microphone and camera" : microphone ? "microphone" : "camera";
  const which = microphone && camera ? "hear and see you" : microphone ? "hear you" : "see you";
  return {
    title: `May ${name} ${which}?`,
    lead: `${name} asks for this now. Your browser will ask you too.`,
    asking: `Your browser is asking you now. Choose “Allow” so that ${name} can ${which}.`,
    allow: `Turn on ${what}`,
    microphone: "Microphone, so that you can simply talk",
    camera: `Camera, so that ${name} can see you`,
    note: "They are on only while this conversation is open.",
  };
}

/** The look at the person's face. */
export const CHECK = {
  title: { liveness: "Face check", scan: "Face photo" },
  looking: (/** @type {boolean} */ on) => (on ? "Looking at your camera" : "Your camera is off"),
  instructions: { liveness: "Put your face in the oval and look at the camera.", scan: "Put your face in the oval, look at the camera and hold still." },
  passed: "Good, thank you.",
  missed: "Not quite. Let us try again.",
  cancel: "Stop the check",
  cancelling: "Stopping…",
  soundGuide: "Guide me by sound",
  picture: "Your camera, mirrored",
  progress: "How far the check is",
  step: (/** @type {number} */ index, /** @type {number} */ count) => `Step ${index + 1} of ${count}`,
};

/**
 * One advice at a time, by key. Sides are the person's own, as in a mirror.
 * @type {Record<string, {line: string, detail?: string, symbol: string}>}
 */
export const CHECK_HINTS = {
  no_face: { line: "We cannot see your face", detail: "Look into the camera, with your face in the oval.", symbol: "face" },
  more_faces: { line: "Only one person, please", detail: "We see more than one face. Ask the others to step aside.", symbol: "people" },
  closer: { line: "Come a little closer", symbol: "closer" },
  back: { line: "Move back a little", symbol: "back" },
  left: { line: "Move a little to your left", symbol: "left" },
  right: { line: "Move a little to your right", symbol: "right" },
  up: { line: "Move up a little", symbol: "up" },
  down: { line: "Move down a little", symbol: "down" },
  face_camera: { line: "Look straight at the camera", symbol: "face" },
  level: { line: "Hold your head upright", symbol: "level" },
  hold_still: { line: "Hold still", symbol: "hold" },
  more_light: { line: "It is too dark", detail: "Turn towards a window or a lamp.", symbol: "light" },
  less_light: { line: "It is too bright", detail: "Turn away from the strong light a little.", symbol: "light" },
  backlight: { line: "The light is behind you", detail: "Turn around, so that it falls on your face.", symbol: "light" },
  uncover: { line: "Uncover your face", detail: "Take off a mask, sunglasses or a cap, and move hair or hands away.", symbol: "face" },
  blurred: { line: "The picture is blurred", detail: "Hold still, or wipe the camera with a soft cloth.", symbol: "hold" },
  steady: { line: "Good. Stay like this.", symbol: "check" },
};

/** @type {Record<import("./check_state.js").ChallengeKind, string>} */
export const CHALLENGES = {
  turn_left: "Turn your head to your left",
  turn_right: "Turn your head to your right",
  blink: "Blink once or twice",
  smile: "Smile",
  closer: "Move your face closer",
  read: "Read this out loud",
};

/** @type {Record<"passed" | "failed" | "unclear", {line: string, detail: string}>} */
export const CHECK_RESULTS = {
  passed: { line: "Done. Thank you.", detail: "You can sit back now." },
  failed: { line: "This check did not succeed", detail: "The conversation goes on." },
  unclear: { line: "We could not tell for sure", detail: "The conversation goes on." },
};

/**
 * What to do about a camera that is not on during a check.
 * @param {"off" | "absent" | "lost"} camera
 * @param {import("./state.js").DeviceProblem | null} problem why it could not be opened just now
 * @returns {{line: string, detail: string, button: string}}
 */
export function cameraHelp(camera, problem) {
  if (problem) return { ...CAMERA_PROBLEMS[problem], button: "Try again" };
  switch (camera) {
    case "off":
      return { line: "Your camera is off", detail: "This step needs to see your face.", button: "Turn camera on" };
    case "lost":
      return { line: "Your camera was disconnected", detail: "Plug it in again; we go on by ourselves.", button: "Connect again" };
    default:
      return { line: "There is no camera yet", detail: "This step needs to see your face. Your browser will ask you.", button: "Turn camera on" };
  }
}

/** @type {Record<import("./state.js").DeviceProblem, {line: string, detail: string}>} */
const CAMERA_PROBLEMS = {
  denied: { line: "The camera is blocked", detail: "Choose the icon beside the address and allow the camera for this page." },
  embed_denied: { line: "This site keeps the camera from us", detail: "The page around this one has not passed the camera on." },
  missing: { line: "No camera found", detail: "Plug in a camera, or open the link on a phone." },
  in_use: { line: "The camera is busy", detail: "Another program or tab may be using it. Close it there." },
  unsuitable: { line: "This camera does not fit", detail: "Choose another one in your browser's settings." },
  insecure: { line: "This address is not secure", detail: "Browsers give the camera only to pages opened with https." },
  failed: { line: "The camera did not start", detail: "Something on this device got in the way." },
};

/** Before coloured light. */
export const FLASH = {
  title: "May your screen light up?",
  lead: "For a few seconds the screen shows bright colours that change. Their reflection on your face helps us tell a person from a picture.",
  warning: "Changing light can trigger seizures in people with photosensitive epilepsy. Skip it if that may concern you; the check goes on without it.",
  show: "Show it",
  skip: "Skip",
  showing: "Coloured light. Press Escape to stop it.",
  stop: "Stop",
  wait: (/** @type {number} */ seconds) => `Without an answer we go on without it in ${seconds} s.`,
};

/**
 * What to do about microphone and camera, by problem.
 * @type {Record<import("./state.js").DeviceProblem, {title: string, help: string}>}
 */
export const DEVICE_HELP = {
  denied: {
    title: "The microphone is blocked",
    help: "Choose the icon beside the address, allow the microphone and the camera for this page, and try again.",
  },
  embed_denied: {
    title: "This site keeps the microphone from us",
    help: "The page around this one has not passed the microphone on. Open the conversation in a window of its own, or answer by typing.",
  },
  missing: {
    title: "No microphone found",
    help: "Plug in a microphone or a headset and try again, or answer by typing.",
  },
  in_use: {
    title: "The microphone is busy",
    help: "Another program or tab may be using it. Close the other call and try again.",
  },
  unsuitable: {
    title: "This device does not fit",
    help: "The microphone or camera does not support what we asked for. Choose another one in your browser's settings and try again.",
  },
  insecure: {
    title: "This address is not secure",
    help: "Browsers give microphone and camera only to pages opened with https. Ask for a secure link, or answer by typing.",
  },
  failed: {
    title: "The microphone did not start",
    help: "Something on this device got in the way. Try again, or answer by typing.",
  },
};

/** @type {Record<string, string>} */
export const NOTICES = {
  microphone_lost: "Your microphone was disconnected. Plug it in again, or type your answers.",
  camera_lost: "Your camera was disconnected. Plug it in again, or press the camera button.",
};

/**
 * Why the page cannot go on, and what can be done.
 * @type {Record<string, {title: string, text: string, action?: "retry" | "takeBack"}>}
 */
export const STOPS = {
  link_missing: { title: "This link is not complete", text: "Open the link exactly as you received it. If that does not help, ask whoever sent it for a new one." },
  client_secret_unknown: { title: "We do not know this link", text: "It may have been shortened on its way, or replaced by a newer one. Ask whoever sent it for a new link." },
  client_secret_expired: { title: "This link has expired", text: "Links work for a limited time, to protect you. Ask whoever sent it for a new one; it takes only a moment." },
  busy: { title: "All avatars are in conversation", text: "Keep this page open: we try again by ourselves as soon as a place may be free.", action: "retry" },
  replaced: { title: "The conversation continues elsewhere", text: "It was opened in another tab or on another device, so this page let go of it.", action: "takeBack" },
  unreachable: { title: "We cannot reach the service", text: "Check that you are online and try again. Nothing you said is lost.", action: "retry" },
  connection_lost: { title: "The connection did not come back", text: "We tried several times. Your answers so far are safe; try again when your network is better.", action: "retry" },
  unsupported: { title: "This browser cannot hold a call", text: "Open the link in a current version of Chrome, Edge, Firefox or Safari." },
  problem: { title: "Something went wrong on our side", text: "The conversation could not go on. Your answers so far are safe; please try again.", action: "retry" },
};

/** @type {Record<string, {title: string, text: string}>} */
const ENDINGS = {
  end: { title: "All done. Thank you!", text: "The conversation is complete and your answers have been passed on." },
  cancelled: { title: "You ended the conversation", text: "Your answers so far were passed on as an unfinished conversation." },
  abandoned: { title: "The conversation was left", text: "We waited a while for you. Ask whoever sent the link if you want to begin again." },
  no_match: { title: "We did not quite understand each other", text: "That is our fault, not yours. Whoever sent the link can help you further." },
  silence: { title: "We did not hear from you", text: "The conversation closed after a long silence. Ask whoever sent the link if you want to begin again." },
  time_limit: { title: "Time is up", text: "The conversation reached its time limit. Your answers so far were passed on." },
  error: { title: "Something went wrong on our side", text: "The conversation had to stop early. Whoever sent the link has been given your answers so far." },
};

/**
 * @param {{status: string, reason: string}} outcome
 * @returns {{title: string, text: string}}
 */
export function ending({ status, reason }) {
  return ENDINGS[reason] ?? (status === "complete" ? ENDINGS.end : { title: "The conversation has ended", text: "Whoever sent the link can tell you how it goes on." });
}
