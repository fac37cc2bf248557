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
