// @ts-check
/** Every sentence of the document scan. Apart from `texts.js`, as most calls ask for no document. */

/** @typedef {{line: string, detail?: string, symbol: string}} Words */

export const DOCUMENT = {
  title: "Your document",
  picture: "Your camera",
  mirrored: "Your camera, mirrored",
  progress: "How far the scan is",
  tools: "Camera and file",
  starting: "The camera starts…",
  shutter: "Take the picture now",
  upload: "Choose a file",
  drop: "Drop the picture here",
  switchCamera: "Use another camera",
  torch: "Light",
  mirror: "Mirror the picture",
  guide: "Guide me by sound",
  cancel: "Stop the scan",
  cancelling: "Stopping…",
  uploadInstead: "Or choose a picture of your document.",
};

/**
 * Which side is asked for.
 * @param {number} side from 0
 * @param {boolean} frontFirst whether the front was asked for first, and not any side
 */
export function sideName(side, frontFirst) {
  if (side === 0) return frontFirst ? "Front" : "First side";
  return frontFirst && side === 1 ? "Back" : side === 1 ? "Other side" : `Side ${side + 1}`;
}

/** What to do, by step. @type {Record<"show_front" | "show_document" | "turn_over" | "try_again", Words>} */
export const STEPS = {
  show_front: { line: "Show the front of your document", detail: "The side with your photo. Lay it on something dark, or hold it by the edge.", symbol: "document" },
  show_document: { line: "Show your document", detail: "Open a passport at the page with your photo. Keep it whole inside the frame.", symbol: "document" },
  turn_over: { line: "Now turn it over", detail: "Show the other side in the same frame.", symbol: "turn" },
  try_again: { line: "Once more, please", detail: "Show the same side again.", symbol: "again" },
};

/** One advice at a time, by key of `vision.document.capture.commands.HintKey`. @type {Record<string, Words>} */
export const DOCUMENT_HINTS = {
  no_document: { line: "We cannot see a document", detail: "Hold it flat inside the frame.", symbol: "document" },
  two_documents: { line: "Only one document, please", detail: "Take the other one away.", symbol: "documents" },
  cut_off: { line: "A part is missing", detail: "Keep all four corners in the picture.", symbol: "back" },
  closer: { line: "Come closer with it", symbol: "closer" },
  back: { line: "Hold it further away", symbol: "back" },
  tilted: { line: "Hold it straight", detail: "Level with the camera, not at an angle.", symbol: "level" },
  glare: { line: "Light is reflected on it", detail: "Tilt it a little, or move away from the lamp.", symbol: "light" },
  blurred: { line: "The picture is blurred", detail: "Hold still, and give the camera a moment to focus.", symbol: "hold" },
  shadow: { line: "There is a shadow on it", detail: "Move your hand, or turn towards the light.", symbol: "light" },
  more_light: { line: "It is too dark", detail: "Go to a window or a lamp, or turn on the light.", symbol: "light" },
  less_light: { line: "It is too bright", detail: "Move out of the strong light.", symbol: "light" },
  hold_still: { line: "Hold still", symbol: "hold" },
  steady: { line: "Good. Stay like this.", symbol: "check" },
  reading: { line: "Reading. One moment…", detail: "You can put your hand down.", symbol: "clock" },
};

/** Why a picture or a document was not taken, by key of `vision.document.document.Problem`. @type {Record<string, {line: string, detail: string}>} */
export const PROBLEMS = {
  no_document: { line: "There was no document in the picture", detail: "Keep it whole inside the frame." },
  two_documents: { line: "There were two documents in the picture", detail: "Show one at a time." },
  cut_off: { line: "A part was missing", detail: "Keep all four corners in the picture." },
  blurred: { line: "The picture was blurred", detail: "Hold still, and give the camera a moment to focus." },
  glare: { line: "Light was reflected on it", detail: "Tilt it a little, or move away from the lamp." },
  nothing_readable: { line: "We could not read anything", detail: "Come closer, with more light, and hold still." },
  unconfirmed: { line: "We want to be sure", detail: "Show it once more, as before." },
  side_missing: { line: "One side is still missing", detail: "Show us the other side too." },
  mrz_incomplete: { line: "The lines at the bottom were not complete", detail: "Show the whole page, with the rows of letters and arrows." },
  mrz_check_digit: { line: "We could not read it for sure", detail: "Clean or uncover the rows at the bottom, and hold still." },
  mrz_ambiguous: { line: "We could not read it for sure", detail: "Come closer with the rows of letters and arrows at the bottom." },
  barcode_unreadable: { line: "We could not read the bar code", detail: "Come closer, hold it flat and avoid reflections." },
  barcode_missing: { line: "We found no bar code", detail: "Show the side that has it, whole." },
  back_first: { line: "That was the back", detail: "Show the front first, with your photo." },
  same_side: { line: "That was the same side", detail: "Turn your document over." },
  wrong_type: { line: "This kind of document cannot be taken", detail: "Show one that was asked for." },
  unknown_country: { line: "We do not know where this document comes from", detail: "Show another one, if you have one." },
  expired: { line: "This document has expired", detail: "Show one that is still valid." },
  implausible_dates: { line: "The dates on it do not fit together", detail: "We may have misread them. Show it once more." },
  data_mismatch: { line: "Its parts do not say the same", detail: "Show both sides of one and the same document." },
  recaptured: { line: "This looks like a screen or a copy", detail: "Show the document itself." },
};

/** @type {Record<"reading" | "sending", Words>} */
export const UPLOADING = {
  reading: { line: "Opening your picture…", symbol: "clock" },
  sending: { line: "Sending your picture…", symbol: "clock" },
};

/** Why a file was not taken. @type {Record<import("./document_state.js").UploadProblem, Words>} */
export const UPLOAD_PROBLEMS = {
  not_a_picture: { line: "That is not a picture", detail: "Choose a JPEG or PNG file.", symbol: "alert" },
  heic: { line: "This browser cannot open HEIC pictures", detail: "Save it as JPEG and choose that, or hold the document before the camera.", symbol: "alert" },
  unreadable: { line: "This picture cannot be opened", detail: "The file may be damaged. Choose another one.", symbol: "alert" },
  too_large: { line: "This picture is too large", detail: "Choose a smaller one, below 12 MB.", symbol: "alert" },
  too_late: { line: "That came too late", detail: "This side is done already, or no longer asked for.", symbol: "alert" },
  too_many: { line: "These were too many pictures", detail: "Hold the document before the camera instead.", symbol: "alert" },
  same: { line: "You sent this picture already", detail: "Take another one of the same side.", symbol: "again" },
  busy: { line: "We are busy with other pictures", detail: "Try again in a moment.", symbol: "clock" },
  unreachable: { line: "The picture did not get through", detail: "Check that you are online, and try again.", symbol: "alert" },
};

export const DONE = { line: "Got it.", detail: "", symbol: "check" };

/** @type {Record<"passed" | "failed" | "unclear", Words>} */
export const DOCUMENT_RESULTS = {
  passed: { line: "Done. Thank you.", detail: "You can put your document away.", symbol: "check" },
  failed: { line: "This document could not be taken", detail: "The conversation goes on.", symbol: "close" },
  unclear: { line: "We could not read it for sure", detail: "The conversation goes on.", symbol: "question" },
};

/**
 * What to do about a camera that is not on.
 * @param {"off" | "absent" | "lost"} camera
 * @param {{line: string, detail: string, button: string}} usual words of `cameraHelp`
 * @param {boolean} problem whether it could not be opened just now
 */
export function documentCameraHelp(camera, usual, problem) {
  if (problem || camera === "lost") return usual;
  return { ...usual, detail: "This step needs to see your document." };
}
