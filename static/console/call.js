// @ts-check
/**
 * The agent's side of the media of one session: the person's picture and voice, what the avatar says, and the agent's own microphone while they
 * talk in its place. `docs/protocol.md` says what the server wants to be offered.
 */

/** @typedef {"connecting" | "open" | "lost" | "refused" | "closed"} MediaState lost is tried again by itself, refused is not */

const GATHERING_MS = 3_000;
const AGAIN_MS = 1_500;
const LONGEST_WAIT_MS = 20_000;

export class Call {
  /** @type {RTCPeerConnection | null} */
  #connection = null;
  /** @type {RTCRtpSender | null} */
  #voice = null;
  /** @type {MediaStream | null} */
  #microphone = null;
  #viewerId = "";
  #waitMs = AGAIN_MS;
  #closed = false;
  /** Told when the microphone was unplugged, or taken away from the page. */
  onMicrophoneLost = () => {};

  /**
   * @param {import("./api.js").Api} api
   * @param {string} path of the session, below /console/api
   * @param {{video: HTMLVideoElement, sounds: HTMLAudioElement[], state: (state: MediaState, error?: Error) => void}} shown
   *   the first sound is the person, the second what they are told
   */
  constructor(api, path, shown) {
    this.api = api;
    this.path = path;
    this.shown = shown;
  }

  /** Whether this page sends a microphone. */
  get speaking() {
    return this.#microphone !== null;
  }

  /** Connect, unless it is connected; when the connection breaks it is made anew, until `close`. */
  async open() {
    if (this.#connection) return;
    this.shown.state("connecting");
    const connection = new RTCPeerConnection();
    this.#connection = connection;
    const person = connection.addTransceiver("audio", { direction: "sendrecv" });
    connection.addTransceiver("audio", { direction: "recvonly" });
    connection.addTransceiver("video", { direction: "recvonly" });
    this.#voice = person.sender;
    if (this.#microphone) await person.sender.replaceTrack(this.#microphone.getAudioTracks()[0]);
    let sounds = 0;
    connection.ontrack = ({ track, transceiver }) => {
      const stream = new MediaStream([track]);
      if (track.kind === "video") this.shown.video.srcObject = stream;
      else this.shown.sounds[transceiver === person ? 0 : (sounds = 1)].srcObject = stream;
    };
    connection.onconnectionstatechange = () => {
      if (connection !== this.#connection) return;
      if (connection.connectionState === "connected") {
        this.#waitMs = AGAIN_MS;
        this.shown.state("open");
      }
      else if (["failed", "closed"].includes(connection.connectionState)) this.#again();
    };
    try {
      await connection.setLocalDescription(await connection.createOffer());
      await gathered(connection);
      const answer = await this.api.post(`${this.path}/media`, { sdp: connection.localDescription?.sdp });
      if (this.#closed || connection !== this.#connection) return void connection.close();
      this.#viewerId = answer.viewerId;
      await connection.setRemoteDescription({ type: "answer", sdp: answer.sdp });
    } catch (/** @type {any} */ error) {
      if (this.#closed) return;
      if (error.status < 400 || error.status >= 500 || error.status === undefined) return this.#again(error);
      connection.close();
      this.#connection = null;
      this.shown.state("refused", error);
    }
  }

  /** Both voices are heard, or not. @param {boolean} wanted @param {number} [volume] 0 to 1 */
  listen(wanted, volume = 1) {
    for (const sound of this.shown.sounds) {
      sound.muted = !wanted;
      sound.volume = volume;
      // Not awaited: without a picture and sound yet, it is not settled before they come.
      if (wanted) void sound.play().catch(() => {});
    }
  }

  /** Ask for the microphone and send it. Throws what the browser says. @param {string} [deviceId] another one than before @returns {Promise<MediaStream>} */
  async speak(deviceId = "") {
    if (deviceId) await this.hush();
    const wanted = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, ...(deviceId && { deviceId: { exact: deviceId } }) };
    this.#microphone ??= await navigator.mediaDevices.getUserMedia({ audio: wanted });
    const [track] = this.#microphone.getAudioTracks();
    track.onended = () => void this.hush().then(this.onMicrophoneLost);
    await this.#voice?.replaceTrack(track);
    return this.#microphone;
  }

  /** Let the microphone go. */
  async hush() {
    this.#microphone?.getTracks().forEach((track) => track.stop());
    this.#microphone = null;
    await this.#voice?.replaceTrack(null).catch(() => {});
  }

  close() {
    this.#closed = true;
    void this.hush();
    this.#connection?.close();
    this.#connection = null;
    this.shown.video.srcObject = null;
    if (this.#viewerId) void this.api.del(`${this.path}/media/${this.#viewerId}`).catch(() => {});
    this.shown.state("closed");
  }

  /** @param {Error} [error] */
  #again(error) {
    this.#connection?.close();
    this.#connection = null;
    this.shown.state("lost", error);
    setTimeout(() => {
      if (!this.#closed) void this.open();
    }, this.#waitMs);
    this.#waitMs = Math.min(2 * this.#waitMs, LONGEST_WAIT_MS);
  }
}

/** The end of gathering: nothing is trickled. @param {RTCPeerConnection} connection */
async function gathered(connection) {
  if (connection.iceGatheringState === "complete") return;
  await Promise.race([
    new Promise((resolve) => connection.addEventListener("icegatheringstatechange", () => connection.iceGatheringState === "complete" && resolve(null))),
    new Promise((resolve) => setTimeout(resolve, GATHERING_MS)),
  ]);
}
