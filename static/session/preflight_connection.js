// @ts-check
/** Measures the connection by a short-lived peer of its own, never the call's (docs/protocol.md, `POST /client/preflight`). */

import { ServerError } from "./server.js";

/** The server closes its side by then. */
const LONGEST_MS = 10_000;

/** Candidates that have not been found by then are slow ones, such as of a network that is not up. */
const GATHERING_MS = 1_500;

/**
 * @param {import("./server.js").Server} server
 * @param {RTCIceServer[]} iceServers
 * @param {AbortSignal} signal
 * @returns {Promise<import("./preflight_state.js").Preflight["connection"]>} "unchecked" when the server does not measure (now), "unreachable" when no call would get through
 */
export async function measureConnection(server, iceServers, signal) {
  const peer = new RTCPeerConnection({ iceServers });
  const ended = new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  try {
    const channel = peer.createDataChannel("preflight");
    const result = hear(channel);
    await peer.setLocalDescription();
    await Promise.race([gathered(peer), ended]);
    if (signal.aborted) return "unchecked";
    const { sdp } = await server.preflight(peer.localDescription?.sdp ?? "");
    await peer.setRemoteDescription({ type: "answer", sdp });
    const found = await Promise.race([result, failed(peer), ended, after(LONGEST_MS)]);
    if (isFound(found)) return found;
    return signal.aborted || channel.readyState === "open" ? "unchecked" : "unreachable";
  } catch (error) {
    return error instanceof ServerError && error.code === "unreachable" ? "unreachable" : "unchecked";
  } finally {
    peer.close();
  }
}

/** Of what the server sends, only the result is of interest: the rest has done its part by coming. @param {RTCDataChannel} channel @returns {Promise<unknown>} the last message: what was found */
function hear(channel) {
  channel.binaryType = "arraybuffer";
  return new Promise((resolve) => {
    channel.onmessage = ({ data }) => {
      if (typeof data !== "string") return;
      try {
        resolve(JSON.parse(data));
      } catch {
        // Not the result.
      }
    };
  });
}

/** @param {unknown} message @returns {message is import("./preflight_state.js").ConnectionFound} */
function isFound(message) {
  const { transport, roundTripMs, kilobitsPerSecond } = /** @type {any} */ (message ?? {});
  return ["udp", "tcp", "relay"].includes(transport) && Number.isFinite(roundTripMs) && Number.isFinite(kilobitsPerSecond);
}

/** @param {RTCPeerConnection} peer */
const gathered = (peer) =>
  Promise.race([
    after(GATHERING_MS),
    new Promise((resolve) => {
      peer.onicegatheringstatechange = () => peer.iceGatheringState === "complete" && resolve(null);
    }),
  ]);

/** @param {RTCPeerConnection} peer */
const failed = (peer) =>
  new Promise((resolve) => {
    peer.onconnectionstatechange = () => peer.connectionState === "failed" && resolve(null);
  });

/** @param {number} ms */
const after = (ms) => new Promise((resolve) => setTimeout(resolve, ms, null));
