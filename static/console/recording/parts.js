// @ts-check
/** Which recordings of a session are played together. Pure. */

/**
 * @typedef {object} Media
 * @property {string} id
 * @property {string} kind
 * @property {number} side of a recording: the number of the part, from 0
 * @property {string} contentType
 * @property {number} sizeBytes 0: not finished
 * @property {number} createdAt Unix milliseconds; of a recording its zero
 *
 * @typedef {object} Recorded what one player shows
 * @property {Media} lead the person, or what they were told where nothing was recorded of them
 * @property {Media[]} told what they were told meanwhile
 * @property {number} until seconds from the zero of `lead` to the next part of the person; Infinity for the last
 */

/** @type {Record<string, string>} */
const NAMES = { userVideo: "The person's camera", userAudio: "The person's voice", avatarAudio: "What the person was told" };

/** @param {Media} media */
export const isRecording = (media) => Object.hasOwn(NAMES, media.kind);

/** @param {Media} media */
export const recordingName = (media) => NAMES[media.kind] ?? media.kind;

/** The recordings among the media of a session, the oldest first. @param {Media[]} media @returns {Recorded[]} */
export function recordingsOf(media) {
  const parts = media.filter(isRecording).sort((one, other) => one.createdAt - other.createdAt);
  const told = parts.filter(({ kind }) => kind === "avatarAudio");
  const leads = parts.filter(({ kind }) => kind !== "avatarAudio");
  if (!leads.length) return told.map((lead) => ({ lead, told: [], until: Infinity }));
  return leads.map((lead, index) => {
    const end = leads[index + 1]?.createdAt ?? Infinity;
    // How long a part is stands in its file alone: it may go on until the next one of its kind.
    const meanwhile = told.filter(({ createdAt }, at) => createdAt < end && (index === 0 || (told[at + 1]?.createdAt ?? Infinity) > lead.createdAt));
    return { lead, told: meanwhile, until: (end - lead.createdAt) / 1000 };
  });
}

/** Seconds from the zero of one part to that of another. @param {Media} lead @param {Media} told */
export const secondsAfter = (lead, told) => (told.createdAt - lead.createdAt) / 1000;
