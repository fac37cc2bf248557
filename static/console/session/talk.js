// @ts-check
/** What is said, as it is said. The avatar, the person, and lines that an agent wrote are told apart by name as well as by side. */

import { html, setText } from "../../shared/dom.js";
import { clock } from "../format.js";

/** @typedef {{id: string, at: number, speaker: "avatar" | "user", by?: "agent", text: string, typed: boolean, final: boolean}} Phrase */

export function talk() {
  const list = html("ol", { class: "transcript live-transcript", tabIndex: 0, "aria-label": "What is said", "aria-live": "off" });
  /** @type {Map<string, HTMLLIElement>} */
  const lines = new Map();
  return {
    element: list,
    /** @param {Phrase[]} phrases */
    replace(phrases) {
      lines.clear();
      list.replaceChildren();
      phrases.forEach((phrase) => this.show(phrase));
    },
    /** The same id is newer wording; final and empty takes the line away. @param {Phrase} phrase */
    show(phrase) {
      const key = `${phrase.speaker} ${phrase.id}`;
      const known = lines.get(key);
      if (!phrase.text && phrase.final) {
        known?.remove();
        lines.delete(key);
        return;
      }
      const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
      const line = known ?? html("li", {}, html("small"), html("span", { dir: "auto" }));
      if (!known) {
        lines.set(key, line);
        list.append(line);
      }
      const who = phrase.by === "agent" ? "Agent, by the avatar" : phrase.speaker === "avatar" ? "Avatar" : phrase.typed ? "Person, typed" : "Person";
      line.className = `${phrase.speaker === "user" ? "person" : phrase.by === "agent" ? "agent" : ""}${phrase.final ? "" : " going-on"}`;
      setText(/** @type {HTMLElement} */ (line.firstElementChild), `${who} · ${clock(phrase.at)}`);
      setText(/** @type {HTMLElement} */ (line.lastElementChild), phrase.text);
      if (atEnd) list.scrollTop = list.scrollHeight;
    },
  };
}
