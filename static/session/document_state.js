// @ts-check
/** The scan of a document that the server asks for, as a part of the check that is open (`check_state.js`). Pure. */

/**
 * @typedef {import("./types.js").State} State
 * @typedef {import("./check_state.js").Check} Check
 * @typedef {"show_front" | "show_document" | "turn_over" | "try_again"} Step
 * @typedef {"not_a_picture" | "heic" | "unreadable" | "too_large" | "too_late" | "too_many" | "same" | "busy" | "unreachable"} UploadProblem
 *
 * @typedef {object} Scan
 * @property {number} side which is asked for, from 0
 * @property {Step} step
 * @property {string} problem with `try_again`: the end of a key `document.problem.…` of the catalogues; else empty
 * @property {boolean} frontFirst whether the scan began with the front, and not with any side
 * @property {"card" | "page"} shape of the frame
 * @property {boolean} torchButton whether the server allows it; whether there is one says `DocumentCamera`
 * @property {boolean} switchButton
 * @property {boolean} mirrorButton
 * @property {boolean} upload
 * @property {number[]} corners x and y of four corners in shares of the picture; empty = no document is seen
 * @property {number | null} done the side that was read just now, for as long as its sign stands
 * @property {number} stills how many pictures were taken by the camera
 * @property {"no" | "reading" | "sending"} uploading what happens with the file that was chosen
 * @property {UploadProblem | null} uploadProblem why it was not taken, for as long as that is shown
 *
 * @typedef {object} DocumentCamera what the camera for documents can do, once it is on
 * @property {boolean} mirrored whether its picture is shown as in a mirror
 * @property {boolean | null} torch null = it has none
 * @property {number} others how many other cameras there are
 *
 * @typedef {{kind: "step", step: Step} | {kind: "hint", hint: string} | {kind: "done"} | {kind: "uploading", uploading: "reading" | "sending"}
 *   | {kind: "uploadProblem", problem: UploadProblem} | {kind: "camera", camera: "off" | "absent" | "lost"}
 *   | {kind: "result", result: "passed" | "failed" | "unclear"}} DocumentAdvice the one thing to say now
 */

/** Documents that open: a page is shown, not a card. BlinkID's names. */
const BOOKLETS = /(^|-)(passport|visa)$/;

/** What is asked for again in the same words needs no new reading. */
const FRESH = { corners: [], done: null, stills: 0, uploading: "no", uploadProblem: null };

/**
 * Change the scan that is open, if it is the one that is meant.
 * @param {State} state
 * @param {{requestId: string}} event
 * @param {(scan: Scan) => Partial<Scan>} change
 * @returns {Partial<State>}
 */
function changed({ check }, { requestId }, change) {
  if (!check?.scan || check.requestId !== requestId || check.result) return {};
  return { check: { ...check, scan: { ...check.scan, ...change(check.scan) } } };
}

/** @type {Record<string, (state: State, event: any) => Partial<State>>} */
export const DOCUMENT_HANDLERS = {
  // From the server.
  showDocument: ({ check }, event) => {
    const { requestId, side, step, problem, types, torchButton, switchButton, mirrorButton, upload } = event;
    const known = check?.scan && check.requestId === requestId && !check.result ? check : null;
    const kept = known && !known.stale ? known : null;
    const scan = {
      ...(kept?.scan ?? FRESH),
      side, step, problem, torchButton, switchButton, mirrorButton, upload,
      frontFirst: known?.scan ? known.scan.frontFirst : step === "show_front",
      shape: types.length > 0 && types.every((/** @type {string} */ type) => BOOKLETS.test(type)) ? "page" : "card",
    };
    const fresh = { challenge: null, ended: null, flash: null, fraction: known?.fraction ?? 0, cancelled: false };
    const fixed = { requestId, purpose: "document", instructions: "", sound: true, haptics: true, cancellable: true };
    // What to do next comes before any advice on what was done so far.
    return { check: /** @type {Check} */ ({ ...(kept ?? fresh), ...fixed, hint: "", result: null, stale: false, scan }) };
  },
  documentSeen: (state, event) => changed(state, event, () => ({ corners: event.corners.length === 8 ? event.corners : [] })),
  sideDone: (state, event) => changed(state, event, () => ({ done: event.side, corners: [] })),

  // From the page.
  sideSeen: (state, event) => changed(state, event, ({ done }) => (done === event.side ? { done: null } : {})),
  stillTaken: (state, event) => changed(state, event, ({ stills }) => ({ stills: stills + 1 })),
  uploading: (state, event) => changed(state, event, () => ({ uploading: event.stage, uploadProblem: null })),
  uploadEnded: (state, event) => changed(state, event, () => ({ uploading: "no", uploadProblem: event.problem })),
  uploadProblemSeen: (state, event) => changed(state, event, () => ({ uploadProblem: null })),
  documentCamera: (_state, { mirrored, torch, others }) => ({ documentCamera: { mirrored, torch, others } }),
  documentCameraGone: () => ({ documentCamera: null }),
  mirrored: ({ documentCamera }) => ({ documentCamera: documentCamera && { ...documentCamera, mirrored: !documentCamera.mirrored } }),
};

/** The scan that takes the place of the picture. @param {State} state @returns {(Check & {scan: Scan}) | null} */
export function openScan({ screen, check }) {
  return screen === "call" && check?.scan ? /** @type {Check & {scan: Scan}} */ (check) : null;
}

/** Whether a file may be chosen now. @param {State} state */
export function canUpload(state) {
  const check = openScan(state);
  return check !== null && check.scan.upload && check.scan.uploading === "no" && !check.result && !check.cancelled && state.link === "open";
}

/** Whether the person may take the picture now. @param {State} state */
export function canPress(state) {
  const check = openScan(state);
  return check !== null && state.documentCamera !== null && state.camera === "on" && !check.result && !check.cancelled && state.link === "open";
}

/**
 * The one thing to say now.
 * @param {Check & {scan: Scan}} check
 * @param {State["camera"]} camera
 * @returns {DocumentAdvice}
 */
export function documentAdvice({ scan, hint, result }, camera) {
  if (result) return { kind: "result", result };
  if (scan.uploading !== "no") return { kind: "uploading", uploading: scan.uploading };
  if (scan.uploadProblem) return { kind: "uploadProblem", problem: scan.uploadProblem };
  if (scan.done !== null) return { kind: "done" };
  if (hint === "reading") return { kind: "hint", hint };
  if (camera !== "on") return { kind: "camera", camera };
  return hint ? { kind: "hint", hint } : { kind: "step", step: scan.step };
}
