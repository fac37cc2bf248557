// @ts-check
/** The person's camera, and a word over it whenever it does not show what happens now. */

import { html, setText } from "../../shared/dom.js";
import { duration } from "../format.js";
import { button } from "../parts.js";

/** Without a new picture for so long, it is said: what stands still looks like somebody who sits still. */
const STILL_MS = 3_000;
const WORDS = { connecting: "Connecting to the picture …", lost: "No picture just now. Trying again …", refused: "No picture.", open: "", closed: "" };

export class Picture {
  #state = /** @type {import("../call.js").MediaState} */ ("closed");
  #opened = 0;
  #newest = 0;

  /** @param {() => void} again ask for the picture anew, after a refusal */
  constructor(again) {
    this.video = html("video", { autoplay: true, muted: true, playsInline: true, "aria-label": "The person's camera" });
    this.said = html("span", { role: "status" });
    // Counts on each second, which nobody wants to hear.
    this.howLong = html("span", { "aria-hidden": "true" });
    this.again = button("Try again", { onclick: again });
    this.words = html("div", { class: "media-words" }, html("p", {}, this.said, this.howLong), this.again);
    this.element = html("div", { class: "frame" }, this.video, this.words);
    this.video.requestVideoFrameCallback(this.#came);
    this.state("closed");
  }

  /** @param {import("../call.js").MediaState} state @param {Error} [error] */
  state(state, error) {
    this.#state = state;
    if (state === "open") [this.#opened, this.#newest] = [performance.now(), 0];
    this.again.hidden = state !== "refused";
    this.#say(error?.message ?? WORDS[state]);
  }

  /** Once a second. */
  tick() {
    if (this.#state !== "open") return;
    const now = performance.now();
    // A page that nobody sees is given no pictures.
    if (document.hidden) [this.#opened, this.#newest] = [now, this.#newest && now];
    const still = now - (this.#newest || this.#opened);
    if (still < STILL_MS) this.#say("");
    else if (this.#newest) this.#say("The picture has stood still", ` for ${duration(still)}`);
    else this.#say("No picture comes: the camera is off, or not asked for yet.");
  }

  /** @param {string} text @param {string} [howLong] */
  #say(text, howLong = "") {
    setText(this.said, text);
    setText(this.howLong, howLong);
    this.words.hidden = !text;
  }

  #came = () => {
    this.#newest = performance.now();
    this.video.requestVideoFrameCallback(this.#came);
  };
}
