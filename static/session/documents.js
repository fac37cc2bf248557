// @ts-check
/** What a scan of a document does beside being shown: another camera on the same call, stills, files. */

import { openCamera, openWanted } from "./devices.js";
import { cameraIds, documentWishes, hasTorch, isMirrored, nextCamera, setTorch } from "./document_camera.js";
import { PictureError, prepareFile, StillCamera } from "./document_picture.js";
import { canPress, canUpload, openScan } from "./document_state.js";
import { ServerError } from "./server.js";

/** @typedef {import("./document_state.js").UploadProblem} UploadProblem */

/** A picture of some megabytes takes its time on a slow line. */
const PICTURE_TIMEOUT_MS = 20_000;

/** How long it stands why a file was not taken. */
const PROBLEM_MS = 8_000;

/** Codes of the server, by what the page says. @type {Record<string, UploadProblem>} */
const REFUSALS = {
  not_awaited: "too_late",
  picture_too_large: "too_large", body_too_large: "too_large", http_413: "too_large", // The last is of a proxy.
  picture_unreadable: "unreadable", unsupported_media_type: "unreadable",
  too_many_pictures: "too_many",
  same_picture: "same",
  busy: "busy",
};

export class Documents {
  #media;
  #server;
  #around;
  /** @type {"face" | "document"} what the camera was opened for last */
  #purpose = "face";
  #switching = false;
  /** Whether there was a camera before, to go back to. */
  #hadCamera = false;
  /** The camera that the person chose for documents; kept for the next one. */
  #chosen = "";
  /** @type {StillCamera | null} */
  #stills = null;
  #problemTimer = 0;

  /**
   * @param {import("./media.js").Media} media
   * @param {import("./server.js").Server} server
   * @param {import("./types.js").Surroundings} around
   */
  constructor(media, server, around) {
    this.#media = media;
    this.#server = server;
    this.#around = around;
  }

  /**
   * @param {{type: string} & Record<string, any>} message
   * @returns {boolean} false when it is about something else
   */
  receive(message) {
    if (message.type !== "takeStill") return false;
    void this.#takeStill(message.requestId, message.number);
    return true;
  }

  /** The state has changed: the camera follows what is asked for. */
  follow() {
    void this.#exclusively(async () => {
      for (let next = this.#due(); next; next = this.#due()) await (next === "document" ? this.#toDocument() : this.#toFace());
    });
  }

  /** A camera, where there was none or it could not be had. */
  openCamera() {
    void this.#exclusively(() => this.#toDocument()).then(() => this.follow());
  }

  /** The next one of several cameras. */
  switchCamera() {
    void this.#exclusively(async () => {
      if (!this.#around.state().documentCamera) return;
      this.#chosen = nextCamera(await cameraIds(), this.#track?.getSettings().deviceId ?? "");
      await this.#toDocument();
    }).then(() => this.follow());
  }

  async toggleTorch() {
    const camera = this.#around.state().documentCamera;
    const track = this.#track;
    if (!track || !camera || camera.torch === null) return;
    const torch = await setTorch(track, !camera.torch).then(() => !camera.torch, () => null);
    if (track === this.#track) this.#around.dispatch({ type: "documentCamera", ...camera, torch });
  }

  toggleMirror() {
    this.#around.dispatch({ type: "mirrored" });
  }

  /** The person wants the picture to be taken now. */
  press() {
    const state = this.#around.state();
    if (canPress(state)) this.#around.call()?.send("pressShutter", { requestId: state.check?.requestId });
  }

  /** The person chose a file. @param {File} file */
  async upload(file) {
    const state = this.#around.state();
    if (!canUpload(state)) return;
    const requestId = state.check?.requestId ?? "";
    const { dispatch } = this.#around;
    clearTimeout(this.#problemTimer);
    dispatch({ type: "uploading", requestId, stage: "reading" });
    try {
      const picture = await prepareFile(file);
      dispatch({ type: "uploading", requestId, stage: "sending" });
      await this.#send(requestId, picture, null);
      dispatch({ type: "uploadEnded", requestId, problem: null });
    } catch (error) {
      dispatch({ type: "uploadEnded", requestId, problem: uploadProblem(error) });
      this.#problemTimer = setTimeout(() => dispatch({ type: "uploadProblemSeen", requestId }), PROBLEM_MS);
    }
  }

  /** The call is over, and its camera off. */
  release() {
    this.#purpose = "face";
    this.#closeStills();
  }

  get #track() {
    return this.#media.stream?.getVideoTracks().find(({ readyState }) => readyState === "live");
  }

  /** One change of cameras at a time. @param {() => Promise<void>} work */
  async #exclusively(work) {
    if (this.#switching) return;
    this.#switching = true;
    try {
      await work();
    } finally {
      this.#switching = false;
    }
  }

  /** What the camera has to be pointed at next. @returns {"document" | "face" | null} null = it is right as it is */
  #due() {
    const state = this.#around.state();
    if (state.screen !== "call" || !this.#around.call()) return null;
    const check = openScan(state);
    const scanning = check !== null && !check.result;
    if (scanning) return state.camera === "on" && !state.documentCamera ? "document" : null;
    return this.#purpose === "document" ? "face" : null;
  }

  async #toDocument() {
    const { state, dispatch } = this.#around;
    if (this.#purpose === "face") this.#hadCamera = state().camera !== "absent";
    const now = this.#track?.getSettings().deviceId ?? "";
    const opened = await this.#replace("document", () => openCamera(documentWishes(this.#chosen, now)));
    if (!opened) return;
    const track = this.#track;
    if (!track) {
      dispatch({ type: "cameraLost" });
      dispatch({ type: "cameraProblem", problem: opened.problem });
      return;
    }
    this.#stills = new StillCamera(track);
    const others = (await cameraIds()).length - 1;
    dispatch({ type: "documentCamera", mirrored: isMirrored(track), torch: hasTorch(track) ? false : null, others });
    if (state().camera !== "on") dispatch({ type: "cameraBack" });
  }

  /** Back to the face, or to no camera where there was none. */
  async #toFace() {
    const { state, dispatch } = this.#around;
    dispatch({ type: "documentCameraGone" });
    const opened = await this.#replace("face", async () => {
      if (!this.#hadCamera) return { stream: null, problem: null };
      const { stream, problems } = await openWanted(["camera"], this.#media.wished);
      return { stream: problems.camera ? null : stream, problem: problems.camera ?? null };
    });
    if (!opened) return;
    if (!this.#hadCamera) dispatch({ type: "cameraReleased" });
    else if (opened.problem) {
      dispatch({ type: "cameraLost" });
      dispatch({ type: "cameraProblem", problem: opened.problem });
    } else if (state().camera === "lost") dispatch({ type: "cameraBack" });
  }

  /**
   * One camera off, another on, on the same call: a phone has but one on at a time.
   * @template {{stream: MediaStream | null}} Opened
   * @param {"face" | "document"} purpose
   * @param {() => Promise<Opened>} open
   * @returns {Promise<Opened | null>} null when the call has ended meanwhile
   */
  async #replace(purpose, open) {
    const call = this.#around.call();
    if (!call) return null;
    this.#closeStills();
    call.expectCamera();
    this.#media.stopCamera();
    const opened = await open();
    if (this.#around.call() !== call) {
      opened.stream?.getTracks().forEach((track) => track.stop());
      return null;
    }
    const off = this.#around.state().camera === "off";
    for (const track of opened.stream?.getTracks() ?? []) track.enabled = !off;
    this.#purpose = purpose;
    await call.takeCamera(this.#media.replaceCamera(opened.stream), purpose);
    return opened;
  }

  #closeStills() {
    this.#stills?.close();
    this.#stills = null;
  }

  /** @param {string} requestId @param {number} number */
  async #takeStill(requestId, number) {
    try {
      if (!this.#stills) throw new PictureError("unreadable");
      const picture = await this.#stills.take();
      this.#around.dispatch({ type: "stillTaken", requestId });
      await this.#send(requestId, picture, number);
    } catch {
      this.#around.call()?.send("stillFailed", { requestId, number }); // The server reads a frame of the video instead.
    }
  }

  /**
   * Tried a second time when the first did not get through.
   * @param {string} requestId
   * @param {Blob} picture
   * @param {number | null} number of the still that was asked for; null = a file that the person chose
   */
  async #send(requestId, picture, number) {
    const path = `/client/documents/${encodeURIComponent(requestId)}${number === null ? "" : `?number=${number}`}`;
    const send = () => this.#server.picture(path, picture, PICTURE_TIMEOUT_MS);
    try {
      await send();
    } catch (error) {
      if (!(error instanceof ServerError && error.code === "unreachable")) throw error;
      await send();
    }
  }
}

/** @param {unknown} error @returns {UploadProblem} */
function uploadProblem(error) {
  if (error instanceof PictureError) return error.problem;
  return (error instanceof ServerError && REFUSALS[error.code]) || "unreachable";
}
