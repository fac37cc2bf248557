// @ts-check
/** Pictures of a document: stills of the camera at its full resolution, and files, brought to a size that the server takes. */

import { html } from "../shared/dom.js";

/** A camera that is slower than this is not waited for: the newest frame of the video has to do. */
const PHOTO_MS = 1_500;

/** Until the first frame of a camera. */
const FRAME_MS = 3_000;

const MOST_BYTES = 12_000_000;
const LONGEST_SIDE = 4_000;
const QUALITY = 0.92;

/** What the server reads as it is; everything else is drawn anew. */
const PLAIN_TYPES = new Set(["image/jpeg", "image/png", "image/webp"]);

/** Why a file cannot be sent. */
export class PictureError extends Error {
  /** @param {"not_a_picture" | "heic" | "unreadable" | "too_large"} problem */
  constructor(problem) {
    super(problem);
    this.problem = problem;
  }
}

/** Takes stills from one camera. */
export class StillCamera {
  #track;
  #video;
  #slow = false;

  /** @param {MediaStreamTrack} track */
  constructor(track) {
    this.#track = track;
    this.#video = html("video", { muted: true, playsInline: true, srcObject: new MediaStream([track]) });
    void this.#video.play().catch(() => {}); // `take` says when there is no frame.
  }

  /**
   * @returns {Promise<Blob>} a JPEG
   * @throws {Error} when the camera gives none
   */
  async take() {
    const photo = await this.#photo();
    return photo ? fit(photo) : this.#frame();
  }

  close() {
    this.#video.srcObject = null;
  }

  /** A photo has more points than the video, where the browser can take one (W3C Image Capture). @returns {Promise<Blob | null>} */
  async #photo() {
    const { ImageCapture } = /** @type {any} */ (window);
    if (!ImageCapture || this.#slow) return null;
    try {
      return await within(new ImageCapture(this.#track).takePhoto(), PHOTO_MS);
    } catch {
      this.#slow = true;
      return null;
    }
  }

  async #frame() {
    if (this.#video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) {
      await within(new Promise((resolve) => this.#video.addEventListener("loadeddata", resolve, { once: true })), FRAME_MS);
    }
    return draw(this.#video, this.#video.videoWidth, this.#video.videoHeight);
  }
}

/**
 * A file that the person chose, as the server takes it.
 * @param {File} file
 * @returns {Promise<Blob>}
 * @throws {PictureError}
 */
export async function prepareFile(file) {
  const heic = /^image\/hei[cf]/.test(file.type) || /\.hei[cf]$/i.test(file.name);
  if (!heic && !file.type.startsWith("image/")) throw new PictureError("not_a_picture");
  try {
    return await fit(file);
  } catch (error) {
    throw error instanceof PictureError ? error : new PictureError(heic ? "heic" : "unreadable");
  }
}

/**
 * Small enough, and of a type that the server reads; what is both stays as it is.
 * @param {Blob} picture
 * @returns {Promise<Blob>}
 */
async function fit(picture) {
  const bitmap = await createImageBitmap(picture);
  try {
    const { width, height } = bitmap;
    const fits = PLAIN_TYPES.has(picture.type) && picture.size <= MOST_BYTES && Math.max(width, height) <= LONGEST_SIDE;
    return fits ? picture : await draw(bitmap, width, height);
  } finally {
    bitmap.close();
  }
}

/**
 * @param {CanvasImageSource} source
 * @param {number} width
 * @param {number} height
 * @returns {Promise<Blob>} a JPEG
 */
async function draw(source, width, height) {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height));
  const canvas = html("canvas", { width: Math.round(width * scale), height: Math.round(height * scale) });
  canvas.getContext("2d")?.drawImage(source, 0, 0, canvas.width, canvas.height);
  /** @type {Blob | null} */
  const drawn = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  canvas.width = canvas.height = 0; // Safari keeps the memory of canvases for long.
  if (!drawn) throw new PictureError("unreadable");
  if (drawn.size > MOST_BYTES) throw new PictureError("too_large");
  return drawn;
}

/**
 * @template T
 * @param {Promise<T>} promise
 * @param {number} limitMs
 * @returns {Promise<T>} rejects when it takes longer
 */
function within(promise, limitMs) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("too slow")), limitMs);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
