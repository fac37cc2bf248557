// @ts-check
/** One session that has been: verdict, nodes, transcript, pictures and recordings on request, review, and its part of the audit. */

import { html } from "../../shared/dom.js";
import { clock, dateTime, duration, size, words } from "../format.js";
import { icon } from "../icons.js";
import { badge, button, card, empty, facts, pageHead, toast } from "../parts.js";
import { askReason } from "../reason.js";
import { recordingCard } from "../recording/card.js";
import { isRecording } from "../recording/parts.js";
import { actionText } from "../texts.js";
import { resultBadge } from "./history.js";
import { reviewCard } from "../review_card.js";

/** @typedef {Record<string, any>} Json */

const GOOD = ["verified", "success", "live", "livenessDetected", "match", "passed"];

/** @type {Record<string, string>} what a person may agree to */
const TRACKS = { userVideo: "camera", userAudio: "voice", avatarAudio: "what they are told" };

/** @type {import("../main.js").OpenView} */
export async function open(host, { api, staff, id }) {
  const path = `/history/${encodeURIComponent(id)}`;
  const may = (/** @type {string} */ permission) => staff.permissions.includes(permission);
  /** @type {string[]} */
  const pictures = [];
  let shown = await api.get(path);
  const review = html("div", { class: "stack" });
  const drawReview = () => review.replaceChildren(...(shown.review ? [reviewCard(shown.review, may("review"), decide)] : []));

  /** @param {string} decision @param {string} reason */
  async function decide(decision, reason) {
    shown.review = await api.post(`/reviews/${encodeURIComponent(id)}`, { decision, reason });
    drawReview();
    toast("Your decision is kept.");
  }

  /** @param {Json} media @param {HTMLElement} place */
  async function openPicture(media, place) {
    await askReason(`Open ${mediaName(media)}`, "Open", async (reason) => {
      const url = URL.createObjectURL(await api.blob("POST", `${path}/media/${encodeURIComponent(media.id)}`, { reason }));
      pictures.push(url);
      const isPicture = media.contentType.startsWith("image/");
      place.replaceChildren(isPicture ? html("img", { src: url, alt: mediaName(media) }) : html("a", { href: url, download: media.id }, `Save ${mediaName(media)}`));
    });
  }

  const { session, report } = shown;
  const recording = recordingCard({
    session,
    media: shown.media,
    may: may("open_images"),
    open: (media, reason) => api.post(`${path}/media/${encodeURIComponent(media.id)}`, { reason }),
  });
  drawReview();
  host.append(
    html(
      "div",
      { class: "stack" },
      html("a", { class: "back", href: "#/history" }, icon("back"), "History"),
      pageHead(session.clientReferenceId || session.id, session.clientReferenceId ? session.id : null, button("PDF", { icon: "file", onclick: () => void savePdf(api, path, id) })),
      session.redactedAt && html("p", { class: "failure" }, `Redacted ${dateTime(session.redactedAt)}: what was said and seen is erased.`),
      html(
        "div",
        { class: "columns" },
        html("div", {}, verdictCard(session, report), recording.element, nodesCard(report), transcriptCard(report)),
        html("div", {}, review, sessionCard(session), picturesCard(shown.media.filter((/** @type {any} */ one) => !isRecording(one)), may("open_images"), openPicture), dataCard(report), auditCard(shown.audit)),
      ),
    ),
  );
  return {
    close() {
      pictures.forEach((url) => URL.revokeObjectURL(url));
      recording.close();
    },
  };
}

/** @param {Json} session @param {Json} report */
function verdictCard(session, report) {
  const verdict = report.verdict;
  const outcome = session.status === "complete" ? (report.isVerified ? "verified" : "unverified") : session.finishedAt ? "incomplete" : null;
  const reasons = verdict?.reasons ?? [];
  return card(
    "Verdict",
    html(
      "div",
      { class: "badges" },
      resultBadge(outcome, session.status),
      verdict?.simulated && badge("Simulated in the sandbox", "warn", "alert"),
      verdict?.byAgent && badge("With an agent's decision", "warn", "held"),
      ...(report.flags ?? []).map((/** @type {Json} */ flag) => badge(words(String(flag.flag)), "danger", "alert")),
    ),
    session.reason && html("p", {}, session.reason),
    reasons.length > 0 && html("p", {}, "Against it: ", html("code", {}, reasons.join(", "))),
    summaryText(report) && html("p", { class: "soft" }, summaryText(report)),
  );
}

/** @param {Json} report */
const summaryText = (report) => (typeof report.aiAnalysis === "string" ? report.aiAnalysis : (report.aiAnalysis?.summary ?? ""));

/** @param {Json} report */
function nodesCard(report) {
  const nodes = (report.nodeReports ?? []).map((/** @type {Json} */ node) => {
    const { type, nodeId, createdAt, outcome, ...rest } = node;
    const good = GOOD.includes(outcome);
    return html(
      "li",
      {},
      html("div", { class: "node-head" }, html("strong", {}, nodeId), html("small", { class: "soft" }, `${words(type ?? "")} · ${clock(createdAt)}`), badge(outcome ? words(String(outcome)) : "–", good ? "good" : "", good ? "check" : "")),
      Object.keys(rest).length > 0 && html("details", {}, html("summary", {}, "Evidence"), html("pre", { tabIndex: 0 }, JSON.stringify(rest, null, 2))),
    );
  });
  return card("Nodes", nodes.length ? html("ol", { class: "nodes" }, ...nodes) : empty("None", "No node has ended.", "minus"));
}

/** @param {Json} report */
function transcriptCard(report) {
  const phrases = (report.transcript ?? []).map((/** @type {Json} */ phrase) =>
    html(
      "li",
      { class: phrase.isAvatar ? "avatar" : "person" },
      html("small", {}, `${phrase.isAgent ? "Agent" : phrase.isAvatar ? "Avatar" : "Person"} · ${clock(phrase.createdAt)}${phrase.isTyped ? " · typed" : ""}`),
      html("span", {}, phrase.text),
    ),
  );
  return card("Transcript", phrases.length ? html("ol", { class: "transcript", tabIndex: 0, "aria-label": "Transcript" }, ...phrases) : empty("Nothing was said", "Or it was erased.", "minus"));
}

/** @param {Json} session */
function sessionCard(session) {
  const { device, consent } = session;
  return card(
    "Session",
    facts([
      ["Tenant", session.tenant + (session.sandbox ? " (sandbox)" : "")],
      ["Created", dateTime(session.createdAt)],
      ["Started", dateTime(session.startedAt)],
      ["Lasted", session.startedAt && session.finishedAt ? duration(session.finishedAt - session.startedAt) : "–"],
      ["Flow", session.flowId || "–"],
      ["Device", device ? [device.browser, device.os].filter(Boolean).join(", ") || "–" : "–"],
      ["Consent", consent ? `Version ${consent.version}, ${dateTime(consent.acceptedAt)}` : "–"],
      ["May be recorded", consent?.recording?.map((/** @type {string} */ track) => TRACKS[track] ?? track).join(", ") || "no"],
    ]),
  );
}

/** @param {Json[]} media @param {boolean} may @param {(one: Json, place: HTMLElement) => Promise<void>} openPicture */
function picturesCard(media, may, openPicture) {
  const lines = media.map((one) => {
    const line = html("li");
    const tool = may && button("Open …", { icon: "image", onclick: () => void openPicture(one, line) });
    line.append(html("span", {}, mediaName(one), " ", html("small", { class: "soft" }, size(one.sizeBytes))), tool || "");
    return line;
  });
  const note = may ? "Each opening needs a reason, which stands in the audit." : "Your roles do not open pictures.";
  return card("Pictures", lines.length ? html("p", { class: "soft" }, note) : null, lines.length ? html("ul", { class: "media" }, ...lines) : html("p", { class: "soft" }, "None are kept."));
}

/** @param {Json} report */
function dataCard(report) {
  const values = Object.entries(report.extractedData ?? {});
  return values.length ? card("Values", facts(values.map(([name, value]) => [words(name), value === null ? "–" : typeof value === "object" ? JSON.stringify(value) : String(value)]))) : null;
}

/** @param {Json[]} entries newest first */
function auditCard(entries) {
  const lines = entries.map((entry) => html("li", {}, html("time", { title: dateTime(entry.at) }, clock(entry.at)), html("span", {}, actionText(entry.action), html("small", { class: "soft" }, ` ${entry.actorName || entry.actor}`))));
  return card("Audit", html("ol", { class: "trail" }, ...lines));
}

/** @param {Json} media */
const mediaName = (media) => [words(media.kind), media.side].filter(Boolean).join(", ");

/** @param {import("../api.js").Api} api @param {string} path @param {string} id */
async function savePdf(api, path, id) {
  try {
    const url = URL.createObjectURL(await api.blob("GET", `${path}/report.pdf`));
    html("a", { href: url, download: `report-${id}.pdf` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  } catch (/** @type {any} */ error) {
    toast(error.message, "danger");
  }
}
