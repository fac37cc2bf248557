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
 * @property {Media | null} told what they were told meanwhile
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
  const recorded = leads.map((lead, index) => ({ lead, told: toldDuring(told, lead.createdAt, leads[index + 1]?.createdAt ?? Infinity) }));
  const alone = told.filter((part) => !recorded.some((each) => each.told === part));
  return [...recorded, ...alone.map((part) => ({ lead: part, told: null }))].sort((one, other) => one.lead.createdAt - other.lead.createdAt);
}

/** Seconds from the zero of what is seen to that of what is heard with it. @param {Recorded} recorded */
export const toldAfter = ({ lead, told }) => (told ? (told.createdAt - lead.createdAt) / 1000 : 0);

/** The part that goes on at that time, or the first that begins before the end. @param {Media[]} told @param {number} from @param {number} to */
const toldDuring = (told, from, to) => told.findLast(({ createdAt }) => createdAt <= from) ?? told.find(({ createdAt }) => createdAt < to) ?? null;
