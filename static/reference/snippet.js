// @ts-check
/** A call to copy into a terminal. Pure. */

import { example } from "./schema.js";

/** Flow of a call that can be sent as it stands. */
const FLOW = [
  { id: "start", type: "start", outcome: "ask" },
  {
    id: "ask",
    type: "conversation",
    prompt: "Greet the person and ask whether they made the payment.",
    outcomes: [{ id: "answered", targetNodeId: "end", condition: "they answered" }],
  },
  { id: "end", type: "end" },
];

/**
 * @param {import("./view.js").Operation} operation
 * @param {Record<string, any>} document
 * @param {string} base address of the server
 */
export function curl(operation, document, base) {
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name) => `$${name.replace(/[A-Z]/g, "_$&").toUpperCase()}`);
  const lines = [`curl ${operation.method === "GET" ? "" : `-X ${operation.method} `}"${base}${path}"`];
  const scheme = Object.keys(operation.row.security?.[0] ?? {})[0];
  if (scheme) lines.push(`-H "Authorization: Bearer $${scheme === "apiKey" ? "VISAVIS_API_KEY" : "CLIENT_SECRET"}"`);
  const schema = operation.row.requestBody?.content?.["application/json"]?.schema;
  if (schema) {
    lines.push(`-H "Content-Type: application/json"`);
    lines.push(`-d '${JSON.stringify(body(schema, document), null, 2).replaceAll("'", "'\\''")}'`);
  }
  return lines.join(" \\\n  ");
}

/** @param {Record<string, any>} schema @param {Record<string, any>} document */
function body(schema, document) {
  const value = example(schema, document, false);
  const properties = JSON.stringify(example(schema, document, true));
  if (value && typeof value === "object" && properties.includes('"flow":')) value.flow = FLOW;
  return value;
}
