// @ts-check
/**
 * Calls of the console. They carry the token against forged calls; when the sign-in has ended they wait until somebody has signed in
 * again, and go on. Views never see a 401.
 */

import { openStream } from "./stream.js";

/**
 * @typedef {object} Staff
 * @property {string} id
 * @property {string} email
 * @property {string} name
 * @property {string[]} roles
 * @property {string[]} permissions
 * @property {string[]} tenants
 * @property {boolean} sandboxOnly
 *
 * @typedef {object} Me
 * @property {Staff} staff
 * @property {string} csrf
 * @property {number} expiresAt Unix milliseconds
 * @property {string} publicUrl
 * @property {boolean} twoPersonRule
 */

const BASE = "/console/api";
const PATIENCE_MS = 20_000;

/** What the server refused, in its words; `status` 0 when it was not reached. */
export class ApiError extends Error {
  /** @param {number} status @param {string} code @param {string} message @param {string} [field] @param {number} [waitSeconds] */
  constructor(status, code, message, field = "", waitSeconds = 0) {
    super(message);
    this.status = status;
    this.code = code;
    /** The member of the body that is wrong. */
    this.field = field;
    /** How long to wait before the next try. */
    this.waitSeconds = waitSeconds;
  }
}

export class Api {
  /** @param {() => Promise<void>} signInAgain resolves when somebody has signed in */
  constructor(signInAgain) {
    this.signInAgain = signInAgain;
    /** @type {Me | null} */
    this.me = null;
    /** @type {Promise<void> | null} one question for all calls that wait */
    this.asking = null;
  }

  /** @param {string} path below /console/api @returns {Promise<any>} */
  get = (path) => this.json("GET", path);

  /** @param {string} path @param {unknown} [body] @returns {Promise<any>} */
  post = (path, body = {}) => this.json("POST", path, body);

  /** @param {string} path @param {unknown} body @returns {Promise<any>} */
  put = (path, body) => this.json("PUT", path, body);

  /** @param {string} path @param {unknown} body @returns {Promise<any>} */
  patch = (path, body) => this.json("PATCH", path, body);

  /** @param {string} path @returns {Promise<any>} */
  del = (path) => this.json("DELETE", path);

  /** The bytes of a picture or file. @param {string} method @param {string} path @param {unknown} [body] */
  blob = async (method, path, body) => (await this.call(method, path, body)).blob();

  /**
   * Server-sent events, opened again whenever they break off.
   * @param {string} path
   * @param {import("./stream.js").StreamHandlers} handlers
   * @returns {{close(): void}}
   */
  stream = (path, handlers) => openStream((signal) => this.call("GET", path, undefined, signal), () => this.renew(), handlers);

  /** Who is signed in; null for nobody. */
  async whoAmI() {
    const response = await this.send("GET", "/me");
    if (response.status === 401) return null;
    if (!response.ok) throw await refusal(response);
    this.me = /** @type {Me} */ (await response.json());
    return this.me;
  }

  /** @param {{email: string, password: string, code: string}} credentials */
  async signIn(credentials) {
    const response = await this.send("POST", "/sign-in", credentials);
    if (!response.ok) throw await refusal(response);
    this.me = /** @type {Me} */ (await response.json());
    return this.me;
  }

  /** @param {string} method @param {string} path @param {unknown} [body] */
  async json(method, path, body) {
    const response = await this.call(method, path, body);
    return response.status === 204 ? null : response.json();
  }

  /**
   * A call whose answer is good. Throws ApiError.
   * @param {string} method @param {string} path @param {unknown} [body] @param {AbortSignal} [signal] without one, the call is given up in time
   */
  async call(method, path, body, signal) {
    for (;;) {
      const response = await this.send(method, path, body, signal);
      if (response.ok) return response;
      const problem = await refusal(response);
      if (response.status !== 401 || problem.code !== "signed_out") throw problem;
      await this.renew();
    }
  }

  /** Ask for a sign-in, once for all who need it. */
  renew() {
    this.asking ??= this.signInAgain().finally(() => (this.asking = null));
    return this.asking;
  }

  /** @param {string} method @param {string} path @param {unknown} [body] @param {AbortSignal} [signal] */
  async send(method, path, body, signal) {
    /** @type {Record<string, string>} */
    const headers = {};
    if (method !== "GET" && this.me) headers["X-Visavis-CSRF"] = this.me.csrf;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    try {
      return await fetch(BASE + path, {
        method,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: signal ?? AbortSignal.timeout(PATIENCE_MS),
      });
    } catch {
      throw new ApiError(0, "unreachable", "The server does not answer. Check your connection and try again.");
    }
  }
}

/** @param {Response} response */
async function refusal(response) {
  const { error = {} } = await response.json().catch(() => ({}));
  const wait = Number(response.headers.get("Retry-After")) || 0;
  return new ApiError(response.status, error.code ?? "", error.message ?? `The server answered ${response.status}.`, error.param ?? "", wait);
}
