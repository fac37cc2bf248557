// @ts-check
/** What was recorded of a session: its parts, and a player for each once it was opened with a reason. */

import { html } from "../../shared/dom.js";
import { clock, size } from "../format.js";
import { button, card } from "../parts.js";
import { askReason } from "../reason.js";
import { recordingName, recordingsOf, secondsAfter } from "./parts.js";
import { Player } from "./player.js";

/** @typedef {import("./parts.js").Media} Media */
/** @typedef {import("./parts.js").Recorded} Recorded */

/**
 * @param {object} tools
 * @param {Record<string, any>} tools.session
 * @param {Media[]} tools.media
 * @param {boolean} tools.may whether this account opens recordings
 * @param {(media: Media, reason: string) => Promise<import("./player.js").Source>} tools.open notes the opening
 */
export function recordingCard({ session, media, may, open }) {
  /** @type {Player[]} */
  const players = [];
  const recordings = recordingsOf(media);

  /** @param {Recorded} recorded @param {string} title @param {HTMLElement} place */
  async function play(recorded, title, place) {
    const opened = await askReason(`Play ${title}`, "Play", async (reason) => {
      const lead = await open(recorded.lead, reason);
      const told = [];
      for (const part of recorded.told) told.push({ ...(await open(part, reason)), after: secondsAfter(recorded.lead, part) });
      const player = new Player(title, lead, told, recorded.until);
      players.push(player);
      place.replaceChildren(player.element);
    });
    if (opened) place.querySelector("button")?.focus();
  }

  const lines = recordings.map((recorded, index) => {
    const { lead, told } = recorded;
    const title = recordingName(lead) + (recordings.length > 1 ? `, part ${index + 1} of ${recordings.length}` : "");
    const line = html("li");
    const place = html("div", { class: "player-place" }, may && button("Play …", { icon: "play", onclick: () => void play(recorded, title, place) }));
    line.append(
      html(
        "div",
        {},
        html("strong", {}, title),
        html("small", { class: "soft" }, `from ${clock(lead.createdAt)} · ${[lead, ...told].map(sizeWords).join(" + ")}`),
        told.length > 0 && html("small", { class: "soft" }, "with what the person was told"),
        unfinished(lead, session) && html("small", {}, unfinished(lead, session)),
      ),
      place,
    );
    return line;
  });
  const note = may ? "Each opening needs a reason, which stands in the audit." : "Your roles do not open recordings.";
  const element = card("Recording", ...(lines.length ? [html("p", { class: "soft" }, note), html("ul", { class: "recordings" }, ...lines)] : [html("p", { class: "soft" }, noneWords(session))]));
  return { element, close: () => players.forEach((player) => player.close()) };
}

/** @param {Media} part */
const sizeWords = (part) => (part.sizeBytes ? size(part.sizeBytes) : "size not known");

/** @param {Media} part @param {Record<string, any>} session */
function unfinished(part, session) {
  if (part.sizeBytes) return "";
  return session.finishedAt ? "Cut off: the server stopped before this part was finished. What there is can be played." : "Being recorded just now. What there is until now can be played.";
}

/** Why there is nothing. @param {Record<string, any>} session */
function noneWords({ redactedAt, consent, finishedAt }) {
  if (redactedAt) return "Erased, with everything else of this session.";
  if (!consent?.recording?.length) return "Not recorded: nobody asked the person, or they did not agree, or they took it back, which erases it.";
  return finishedAt ? "The person agreed, and nothing is there: neither picture nor sound came, its time was over, or it was erased." : "The person agreed. Nothing has been recorded yet.";
}
