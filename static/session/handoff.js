// @ts-check
/** Going on elsewhere: the picture of the link for a phone, and watching what becomes of the session there. */

import { ServerError } from "./server.js";
import { isElsewhere } from "./state.js";

/** How often to ask what became of the session: soon while the code is in sight, gently afterwards. */
const WAITING_MS = 2_500;
const WATCHING_MS = 5_000;

export class HandOff {
  #server;
  #around;
  /** @type {(error: unknown) => void} */
  #refused;
  #timer = 0;
  #asking = false;

  /**
   * @param {import("./server.js").Server} server
   * @param {import("./types.js").Surroundings} around
   * @param {(error: unknown) => void} refused the session is over, or cannot be reached by its link any more
   */
  constructor(server, around, refused) {
    this.#server = server;
    this.#around = around;
    this.#refused = refused;
  }

  /** Show the link as a code. */
  async open() {
    const { dispatch } = this.#around;
    dispatch({ type: "openHandoff" });
    const drawing = await this.#server.handoffPicture().catch(() => null);
    dispatch({ type: "handoffPicture", picture: drawing && URL.createObjectURL(drawing) });
  }

  close() {
    const { picture } = this.#around.state().handoff ?? {};
    this.#around.dispatch({ type: "closeHandoff" });
    if (picture) URL.revokeObjectURL(picture);
  }

  /** The state has changed: watch while it matters. */
  follow() {
    const wanted = this.#waitMs !== null;
    if (wanted && !this.#timer) this.#again();
    if (!wanted) this.#stop();
  }

  /** How long to wait before asking; null = nothing to ask. In the call the server says by itself that it was replaced. */
  get #waitMs() {
    const { screen, stop, handoff } = this.#around.state();
    if (screen === "stopped") return stop && isElsewhere(stop.code) ? WATCHING_MS : null;
    return handoff && screen !== "call" && screen !== "ended" ? WAITING_MS : null;
  }

  #again() {
    const waitMs = this.#waitMs;
    this.#timer = waitMs === null ? 0 : setTimeout(() => void this.#ask(), waitMs);
  }

  #stop() {
    clearTimeout(this.#timer);
    this.#timer = 0;
  }

  async #ask() {
    if (this.#asking) return;
    this.#asking = true;
    try {
      const { session } = document.hidden ? { session: null } : await this.#server.session();
      const { screen, rejoining } = this.#around.state();
      if (session?.status === "inProgress" && screen !== "stopped" && screen !== "call" && !rejoining) {
        this.close();
        this.#around.dispatch({ type: "stopped", code: "handed_over" });
      }
    } catch (error) {
      const over = error instanceof ServerError && error.code.startsWith("client_secret");
      const finished = error instanceof ServerError && error.code === "session_finished";
      if (finished && this.#waitMs !== null) this.#refused(error);
      if (over || finished) {
        this.#stop();
        return;
      }
    } finally {
      this.#asking = false;
    }
    this.#again();
  }
}
