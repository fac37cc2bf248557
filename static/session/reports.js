// @ts-check
/** What the page tells the server of its camera and its connection. */

/**
 * Which camera is on.
 * @param {MediaStreamTrack | undefined} track
 * @param {"face" | "document"} purpose what it is pointed at
 * @returns {{state: "live" | "off" | "absent", label: string, width: number, height: number, framesPerSecond: number, purpose: "face" | "document"}}
 */
export function describeCamera(track, purpose) {
  if (!track || track.readyState === "ended") return { state: "absent", label: "", width: 0, height: 0, framesPerSecond: 0, purpose };
  const { width = 0, height = 0, frameRate = 0 } = track.getSettings();
  return { state: track.enabled ? "live" : "off", label: track.label, width, height, framesPerSecond: frameRate, purpose };
}

/**
 * What the peer connection measures.
 * @param {RTCStatsReport} report
 * @returns {{roundTripMs: number, jitterBufferMs: number, packetsLost: number, concealedSamples: number}}
 */
export function readStatistics(report) {
  const found = { roundTripMs: 0, jitterBufferMs: 0, packetsLost: 0, concealedSamples: 0 };
  report.forEach((entry) => {
    if (entry.type === "candidate-pair" && entry.nominated) found.roundTripMs = (entry.currentRoundTripTime ?? 0) * 1000;
    if (entry.type !== "inbound-rtp" || entry.kind !== "audio") return;
    found.packetsLost = entry.packetsLost ?? 0;
    found.concealedSamples = entry.concealedSamples ?? 0;
    if (entry.jitterBufferEmittedCount) found.jitterBufferMs = (1000 * entry.jitterBufferDelay) / entry.jitterBufferEmittedCount;
  });
  return found;
}
