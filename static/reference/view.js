// @ts-check
/** Draws the document: an index, and for each operation what it takes, what it answers, and a call to copy. */

import { html } from "../shared/dom.js";
import { example, limits, resolve, shapes, typeName } from "./schema.js";
import { curl } from "./snippet.js";

/**
 * @typedef {object} Operation
 * @property {string} method
 * @property {string} path
 * @property {Record<string, any>} row as the document has it
 */

const DEEPEST = 4;

/** @param {Record<string, any>} document @returns {Map<string, Operation[]>} by tag */
export function operationsByTag(document) {
  /** @type {Map<string, Operation[]>} */
  const groups = new Map(document.tags.map((/** @type {{name: string}} */ tag) => [tag.name, []]));
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, row] of Object.entries(/** @type {Record<string, any>} */ (methods)))
      groups.get(row.tags[0])?.push({ method: method.toUpperCase(), path, row });
  return groups;
}

/** @param {Map<string, Operation[]>} groups */
export function drawIndex(groups) {
  return [...groups].map(([tag, operations]) =>
    html("section", {}, html("h2", {}, tag), html("ul", {}, ...operations.map(indexLine))),
  );
}

/** @param {Operation} operation */
function indexLine({ method, path, row }) {
  const words = `${method} ${path} ${row.operationId} ${row.summary}`.toLowerCase();
  return html("li", { "data-words": words }, html("a", { href: `#${row.operationId}` }, badge(method), html("span", {}, row.summary)));
}

/** @param {Record<string, any>} document @param {Map<string, Operation[]>} groups @param {string} base */
export function drawDocument(document, groups, base) {
  const intro = html(
    "header",
    {},
    html("h1", {}, "API reference"),
    ...prose(document.info.description),
    html("p", { class: "facts" }, `Version ${document.info.version} · ${base} · `, html("a", { href: "/openapi.json" }, "openapi.json")),
  );
  const parts = [...groups].map(([tag, operations]) =>
    html("section", { class: "group" }, html("h2", {}, tag), ...operations.map((one) => drawOperation(one, document, base))),
  );
  return [intro, ...parts];
}

/** @param {Operation} operation @param {Record<string, any>} document @param {string} base */
function drawOperation(operation, document, base) {
  const { method, path, row } = operation;
  const heading = html("h3", {}, html("a", { href: `#${row.operationId}`, title: "Link to this operation" }, row.summary));
  const told = html(
    "div",
    { class: "told" },
    html("p", { class: "path" }, badge(method), html("code", {}, path)),
    ...prose(row.description ?? ""),
    ...parameters(row.parameters ?? [], document),
    ...requestBody(row, document),
    ...answers(row.responses, document),
  );
  const shown = html("div", { class: "shown" }, copyable("Request", curl(operation, document, base)), ...reply(row, document));
  return html("article", { id: row.operationId, tabIndex: -1 }, heading, html("div", { class: "columns" }, told, shown));
}

/** @param {Record<string, any>[]} list @param {Record<string, any>} document */
function parameters(list, document) {
  if (!list.length) return [];
  const lines = list.map((one) => member(one.name, one.schema, one.required, document, 0, `${one.description ?? ""} In the ${one.in}.`));
  return [html("h4", {}, "Parameters"), html("dl", {}, ...lines.flat())];
}

/** @param {Record<string, any>} row @param {Record<string, any>} document */
function requestBody(row, document) {
  const schema = row.requestBody?.content?.["application/json"]?.schema;
  return schema ? [html("h4", {}, "Body"), ...members(schema, document, 0)] : [];
}

/** @param {Record<string, any>} responses @param {Record<string, any>} document */
function answers(responses, document) {
  const good = Object.entries(responses).filter(([status]) => status < "400");
  const bad = Object.entries(responses).filter(([status]) => status >= "400");
  const successes = good.flatMap(([status, { description, content }]) => {
    const [type, { schema } = { schema: null }] = Object.entries(content ?? {})[0] ?? [];
    const what = schema ? ` · ${typeName(schema, document)}${type === "application/json" ? "" : ` (${type})`}` : " · no body";
    return [html("h4", {}, `Answer ${status} ${description}`, html("small", {}, what)), ...(schema ? members(schema, document, 0) : [])];
  });
  const failures = bad.map(([status, { description }]) => html("li", {}, html("code", {}, status), ` ${description.replaceAll("`", "")}`));
  return [...successes, html("details", {}, html("summary", {}, "Failures"), html("ul", {}, ...failures))];
}

/** @param {Record<string, any>} given @param {Record<string, any>} document @param {number} depth @returns {HTMLElement[]} */
function members(given, document, depth) {
  return shapes(given, document).map((shape) =>
    html(
      "dl",
      {},
      ...Object.entries(shape.properties).flatMap(([name, schema]) =>
        member(name, /** @type {any} */ (schema), shape.required?.includes(name), document, depth),
      ),
    ),
  );
}

/**
 * @param {string} name @param {Record<string, any>} given @param {boolean} required @param {Record<string, any>} document
 * @param {number} depth @param {string} [words]
 */
function member(name, given, required, document, depth, words) {
  const { schema } = resolve(given, document);
  const facts = [typeName(given, document), ...limits(schema), required ? "required" : ""].filter(Boolean).join(" · ");
  const choices = (schema.enum ?? schema.items?.enum ?? []).filter((/** @type {any} */ choice) => choice !== null);
  const inner = depth < DEEPEST ? members(given, document, depth + 1) : [];
  return [
    html("dt", {}, html("code", {}, name), html("small", {}, facts)),
    html(
      "dd",
      {},
      ...prose(words ?? given.description ?? schema.description ?? ""),
      choices.length > 0 && html("p", {}, "One of ", html("code", {}, choices.join(", ")), "."),
      inner.length > 0 && html("details", {}, html("summary", {}, "Members"), ...inner),
    ),
  ];
}

/** @param {Record<string, any>} row @param {Record<string, any>} document */
function reply(row, document) {
  const schema = row.responses["200"]?.content?.["application/json"]?.schema;
  return schema ? [copyable("Answer", JSON.stringify(example(schema, document), null, 2))] : [];
}

/** @param {string} label @param {string} text */
function copyable(label, text) {
  const button = html("button", { type: "button" }, "Copy");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 1500);
  });
  return html("figure", {}, html("figcaption", {}, label, button), html("pre", { tabIndex: 0 }, html("code", {}, text)));
}

/** @param {string} method */
const badge = (method) => html("b", { class: `method ${method.toLowerCase()}` }, method);

/** Paragraphs with `code`. @param {string} text */
const prose = (text) =>
  text
    .split(/\n\n+/)
    .filter(Boolean)
    .map((paragraph) => html("p", {}, ...paragraph.split("`").map((part, index) => (index % 2 ? html("code", {}, part) : part))));
