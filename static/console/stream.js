// @ts-check
/** Server-sent events by `fetch`, which unlike EventSource says why a stream was refused. */

/**
 * @typedef {object} StreamHandlers
 * @property {Record<string, (data: any) => void>} on by the name of the event
 * @property {(state: "open" | "broken") => void} [state]
 * @property {(error: any) => void} [refused] the server does not give this stream: it is not asked for again
 */

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;

/**
 * @param {(signal: AbortSignal) => Promise<Response>} open
 * @param {() => Promise<void>} signInAgain
 * @param {StreamHandlers} handlers
 */
export function openStream(open, signInAgain, handlers) {
  const end = new AbortController();
  void follow(open, signInAgain, handlers, end.signal);
  return { close: () => end.abort() };
}

/**
 * @param {(signal: AbortSignal) => Promise<Response>} open @param {() => Promise<void>} signInAgain
 * @param {StreamHandlers} handlers @param {AbortSignal} signal
 */
async function follow(open, signInAgain, handlers, signal) {
  let wait = FIRST_WAIT_MS;
  while (!signal.aborted) {
    try {
      const response = await open(signal);
      wait = FIRST_WAIT_MS;
      handlers.state?.("open");
      const last = await read(response, handlers.on, signal);
      if (last === "ended") return;
      if (last === "signed_out") await signInAgain();
    } catch (/** @type {any} */ error) {
      if (signal.aborted) return;
      if (error.status >= 400 && error.status < 500 && error.status !== 429) {
        handlers.refused?.(error);
        return;
      }
    }
    if (signal.aborted) return;
    handlers.state?.("broken");
    await new Promise((resolve) => setTimeout(resolve, wait * (0.75 + Math.random() / 2)));
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  }
}

/**
 * @param {Response} response @param {Record<string, (data: any) => void>} handlers @param {AbortSignal} signal
 * @returns {Promise<string>} the name of the last event
 */
async function read(response, handlers, signal) {
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  const decoder = new TextDecoder();
  let rest = "";
  let last = "";
  for (;;) {
    const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }));
    if (done || signal.aborted) return last;
    const blocks = (rest + decoder.decode(value, { stream: true })).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const { name, data } = parse(block);
      if (!name) continue;
      last = name;
      handlers[name]?.(JSON.parse(data));
    }
  }
}

/** @param {string} block lines of one event; comments have no name */
function parse(block) {
  let name = "";
  let data = "";
  for (const line of block.split("\n")) {
    if (line.startsWith("event: ")) name = line.slice(7);
    else if (line.startsWith("data: ")) data += line.slice(6);
  }
  return { name, data: data || "{}" };
}
