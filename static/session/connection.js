// @ts-check
/** One peer connection: dialled once, alive until it is closed or dead. Redialling is `peer.js`. */

import { decode, encode } from "../shared/messages.js";

/** Candidates found within this time travel in one request. */
const CANDIDATE_BATCH_MS = 60;

/** A dial that has not brought the server's `hello` by then has failed. */
const DIAL_TIMEOUT_MS = 8_000;

/** Silence after which the other side counts as dead (docs/protocol.md). */
const SILENCE_MS = 3_000;

/** After sleep or a frozen tab the other side gets this long to show that it is there. */
const WAKE_GRACE_MS = 1_000;

const CHECK_MS = 250;

/** As often as the server looks at most; cameras that know no such rate are thinned out here. */
const CAMERA_FRAMES_PER_SECOND = 15;

/** Pixels across, and frames a second, at which a document is looked for; it is read from stills. */
const FINDING_WIDTH = 960;
const FINDING_FRAMES_PER_SECOND = 8;

/**
 * @typedef {object} ConnectionEvents
 * @property {(message: Record<string, any>) => void} message
 * @property {(stream: MediaStream) => void} audio
 * @property {() => void} dead called once, unless closed before
 */

export class Connection {
  /** @type {string | null} */
  peerId = null;
  #peer;
  #channel;
  #server;
  #events;
  #microphone;
  /** @type {RTCRtpTransceiver | null} */
  #camera = null;
  /** @type {RTCIceCandidate[]} */
  #candidates = [];
  #batchTimer = 0;
  #pingTimer = 0;
  #checkTimer = 0;
  #heardMs = 0;
  #checkedMs = 0;
  #closed = false;

  /**
   * @param {import("./server.js").Server} server
   * @param {RTCIceServer[]} iceServers
   * @param {{stream: MediaStream | null, later: boolean}} sent what the person sends; `later` keeps a place for devices that come during the call
   * @param {ConnectionEvents} events
   */
  constructor(server, iceServers, { stream, later }, events) {
    this.#server = server;
    this.#events = events;
    this.#peer = new RTCPeerConnection({ iceServers });
    const audio = stream?.getAudioTracks()[0];
    const video = stream?.getVideoTracks()[0];
    this.#microphone = this.#peer.addTransceiver(audio ?? "audio", { direction: audio || later ? "sendrecv" : "recvonly" });
    const sendEncodings = [{ maxFramerate: CAMERA_FRAMES_PER_SECOND }];
    if (video || later) this.#camera = this.#peer.addTransceiver(video ?? "video", { direction: "sendonly", sendEncodings });
    this.#channel = this.#peer.createDataChannel("visavis", { ordered: true });
    this.#channel.onmessage = ({ data }) => this.#receive(data);
    this.#channel.onclose = () => this.#die();
    this.#peer.ontrack = ({ track, streams }) => events.audio(streams[0] ?? new MediaStream([track]));
    this.#peer.onicecandidate = ({ candidate }) => this.#found(candidate);
    this.#peer.onconnectionstatechange = () => {
      if (this.#peer.connectionState === "failed") this.#die();
    };
  }

  /**
   * Offer, take the answer, and watch.
   * @param {string} pageId
   * @param {string} language to be spoken
   * @throws {import("./server.js").ServerError}
   */
  async dial(pageId, language) {
    await this.#peer.setLocalDescription();
    const answer = await this.#server.offer({ pageId, sdp: this.#peer.localDescription?.sdp ?? "", language });
    if (this.#closed) return;
    this.peerId = answer.peerId;
    await this.#peer.setRemoteDescription({ type: "answer", sdp: answer.sdp });
    this.#sendCandidates();
    this.#heard(DIAL_TIMEOUT_MS - SILENCE_MS);
    this.#checkTimer = setInterval(() => this.#check(), CHECK_MS);
  }

  /**
   * @param {Parameters<typeof encode>[0]} type
   * @param {Record<string, unknown>} [fields]
   * @returns {boolean} false when it cannot be sent now
   */
  send(type, fields) {
    if (this.#channel.readyState !== "open") return false;
    this.#channel.send(encode(type, fields));
    return true;
  }

  /** Send another microphone's sound from now on. @param {MediaStreamTrack} track */
  async replaceMicrophone(track) {
    await this.#microphone.sender.replaceTrack(track);
  }

  /**
   * Send these tracks, without a new offer.
   * @param {MediaStream} stream
   * @returns {Promise<boolean>} false when this connection has no place for one of them
   */
  async take(stream) {
    const audio = stream.getAudioTracks()[0] ?? null;
    const video = stream.getVideoTracks()[0] ?? null;
    if ((audio && this.#microphone.direction !== "sendrecv") || (video && !this.#camera)) return false;
    await this.#microphone.sender.replaceTrack(audio);
    await this.#camera?.sender.replaceTrack(video);
    return true;
  }

  /**
   * Send this camera from now on, without a new offer.
   * @param {MediaStreamTrack | null} track
   * @param {boolean} sharp whether each frame counts for more than many of them
   * @returns {Promise<boolean>} false when this connection has no place for it
   */
  async takeCamera(track, sharp) {
    if (!this.#camera) return track === null;
    if (track) track.contentHint = sharp ? "detail" : "";
    await this.#camera.sender.replaceTrack(track);
    const parameters = /** @type {any} */ (this.#camera.sender.getParameters());
    // Not known everywhere (mst-content-hint, §4); then the hint above has to do.
    parameters.degradationPreference = sharp ? "maintain-resolution" : "balanced";
    for (const encoding of parameters.encodings ?? []) {
      // The video of a document is for finding it; it is read from stills. Sending all of it would keep slow machines busy.
      encoding.scaleResolutionDownBy = sharp ? Math.max(1, (track?.getSettings().width ?? 0) / FINDING_WIDTH) : 1;
      encoding.maxFramerate = sharp ? FINDING_FRAMES_PER_SECOND : CAMERA_FRAMES_PER_SECOND;
    }
    await this.#camera.sender.setParameters(parameters).catch(() => {});
    return true;
  }

  /** RTP timestamp of the audio that is being played, where the browser tells. @returns {number | null} */
  get playedRtp() {
    return this.#microphone.receiver.getSynchronizationSources?.()[0]?.rtpTimestamp ?? null;
  }

  getStats() {
    return this.#peer.getStats();
  }

  /** The page was asleep: what the other side said meanwhile may still lie in the queue. */
  wake() {
    this.#heardMs = Math.max(this.#heardMs, performance.now() - SILENCE_MS + WAKE_GRACE_MS);
    this.send("ping", { atMs: performance.now() });
  }

  close() {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#batchTimer);
    clearInterval(this.#pingTimer);
    clearInterval(this.#checkTimer);
    this.#peer.close();
  }

  /** @param {unknown} data */
  #receive(data) {
    this.#heard(0);
    const message = decode(data);
    if (!message || this.#closed) return;
    if (message.type === "hello") this.#startPinging(message.heartbeatMs);
    this.#events.message(message);
  }

  /** @param {number} heartbeatMs */
  #startPinging(heartbeatMs) {
    clearInterval(this.#pingTimer);
    this.#pingTimer = setInterval(() => this.send("ping", { atMs: performance.now() }), Math.max(100, heartbeatMs));
  }

  /** @param {number} graceMs */
  #heard(graceMs) {
    this.#heardMs = performance.now() + graceMs;
    this.#checkedMs = performance.now();
  }

  #check() {
    const now = performance.now();
    if (now - this.#checkedMs > SILENCE_MS) this.wake();
    this.#checkedMs = now;
    if (now - this.#heardMs > SILENCE_MS) this.#die();
  }

  /** @param {RTCIceCandidate | null} candidate */
  #found(candidate) {
    if (candidate?.candidate) this.#candidates.push(candidate);
    clearTimeout(this.#batchTimer);
    this.#batchTimer = setTimeout(() => this.#sendCandidates(), candidate ? CANDIDATE_BATCH_MS : 0);
  }

  #sendCandidates() {
    if (!this.peerId || this.#closed || this.#candidates.length === 0) return;
    // A lost batch is no reason to stop: the answer's own candidates often suffice, and the silence timer sees the rest.
    this.#server.candidates(this.peerId, this.#candidates.splice(0)).catch(() => {});
  }

  #die() {
    if (this.#closed) return;
    this.close();
    this.#events.dead();
  }
}
