// @ts-check
/** The HTTP calls of `docs/protocol.md`, each bounded in time. */

/** A server that answers nothing for so long will not answer. */
const TIMEOUT_MS = 15_000;

/** An answer that is an error, or no answer. */
export class ServerError extends Error {
  /**
   * @param {string} code of the server, or `unreachable`
   * @param {Record<string, any>} [details] the error object of the answer
   * @param {number} [retryAfter] seconds
   */
  constructor(code, details = {}, retryAfter = 0) {
    super(code);
    this.code = code;
    this.details = details;
    this.retryAfter = retryAfter;
  }
}

export class Server {
  #secret;

  /** @param {string} secret client secret `cs…` */
  constructor(secret) {
    this.#secret = secret;
  }

  /** What the page needs before the call. */
  session() {
    return this.#call("GET", "/client/session");
  }

  /** @param {{pageId: string, sdp: string, language: string}} offer @returns {Promise<{peerId: string, sdp: string}>} */
  offer({ pageId, sdp, language }) {
    return this.#call("POST", "/client/offer", { pageId, sdp, type: "offer", language });
  }

  /** What the person agreed to. @param {{version: string, locale: string, recording?: string[]}} consent */
  consent(consent) {
    return this.#call("POST", "/client/consent", consent);
  }

  /** A peer that measures the connection, for some seconds. @param {string} sdp an offer with all its candidates @returns {Promise<{sdp: string}>} */
  preflight(sdp) {
    return this.#call("POST", "/client/preflight", { sdp });
  }

  /** The session's link as a code to scan. @returns {Promise<Blob>} */
  async handoffPicture() {
    return (await this.#send("GET", "/client/handoff.svg")).blob();
  }

  /** @param {string} peerId @param {RTCIceCandidate[]} candidates */
  candidates(peerId, candidates) {
    const plain = candidates.map(({ candidate, sdpMid, sdpMLineIndex }) => ({ candidate, sdpMid, sdpMLineIndex }));
    return this.#call("POST", "/client/candidates", { peerId, candidates: plain });
  }

  /** The person ended the session. @param {string | null} peerId */
  leave(peerId) {
    return this.#call("POST", "/client/leave", peerId ? { peerId } : {});
  }

  /** A picture of a document. @param {string} path @param {Blob} picture @param {number} timeoutMs */
  picture(path, picture, timeoutMs) {
    return this.#call("POST", path, picture, timeoutMs);
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {object | Blob} [body] a Blob goes as it is, anything else as JSON
   * @param {number} [timeoutMs]
   * @returns {Promise<any>}
   */
  async #call(method, path, body, timeoutMs) {
    return (await this.#send(method, path, body, timeoutMs)).json().catch(() => ({})); // Some answers are empty.
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {object | Blob} [body]
   * @param {number} [timeoutMs]
   * @returns {Promise<Response>} a good one
   * @throws {ServerError}
   */
  async #send(method, path, body, timeoutMs = TIMEOUT_MS) {
    const isBlob = body instanceof Blob;
    let response;
    try {
      response = await fetch(path, {
        method,
        headers: { Authorization: `Bearer ${this.#secret}`, ...(body ? { "Content-Type": isBlob ? body.type : "application/json" } : {}) },
        body: isBlob ? body : body && JSON.stringify(body),
        cache: "no-store",
        signal: AbortSignal.timeout(timeoutMs),
      });
    } catch {
      throw new ServerError("unreachable");
    }
    if (response.ok) return response;
    const answer = await response.json().catch(() => ({}));
    const retryAfter = Number(response.headers.get("Retry-After")) || 0;
    throw new ServerError(answer?.error?.code ?? `http_${response.status}`, answer?.error ?? {}, retryAfter);
  }
}
