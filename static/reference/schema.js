// @ts-check
/** What a JSON Schema means to a reader: names of types, limits, members, and an example. Pure. */

/** @typedef {Record<string, any>} Schema */

/** How deep an example goes before it stops. */
const DEPTH = 6;

/**
 * Follow references.
 * @param {Schema} schema
 * @param {Schema} document
 * @returns {{schema: Schema, name: string}} the schema, and its own name if it has one
 */
export function resolve(schema, document) {
  let name = "";
  while (typeof schema?.$ref === "string") {
    const path = schema.$ref.slice(2).split("/");
    name = path[path.length - 1];
    schema = path.reduce((/** @type {any} */ place, part) => place?.[part], document) ?? {};
  }
  return { schema: schema ?? {}, name };
}

/** @param {Schema} schema @returns {string[]} its types without `null` */
const types = (schema) => [schema.type ?? []].flat().filter((type) => type !== "null");

/**
 * @param {Schema} given
 * @param {Schema} document
 * @returns {string} such as `string`, `Session`, `array of Session`
 */
export function typeName(given, document) {
  const { schema, name } = resolve(given, document);
  const choices = schema.anyOf?.filter((/** @type {Schema} */ choice) => choice.type !== "null");
  if (name) return name;
  if (choices) return choices.map((/** @type {Schema} */ choice) => typeName(choice, document)).join(" or ");
  if (schema.type === "array" || types(schema)[0] === "array") return `array of ${typeName(schema.items ?? {}, document)}`;
  return types(schema).join(", ") || "any JSON";
}

/** @param {Schema} schema @returns {string[]} what else a value must keep to */
export function limits(schema) {
  const { minimum, maximum, minLength, maxLength, minItems, maxItems } = schema;
  const found = [];
  const huge = Number.MAX_SAFE_INTEGER;
  if (minimum > -huge && maximum < huge) found.push(`${minimum} to ${maximum}`);
  else if (minimum > -huge) found.push(`at least ${minimum}`);
  else if (maximum < huge) found.push(`at most ${maximum}`);
  if (maxLength !== undefined) found.push(`${minLength ? `${minLength} to` : "up to"} ${maxLength.toLocaleString("en")} characters`);
  if (maxItems !== undefined) found.push(`${minItems ? `${minItems} to` : "up to"} ${maxItems.toLocaleString("en")} items`);
  return found;
}

/**
 * @param {Schema} given
 * @param {Schema} document
 * @returns {Schema[]} the shapes whose members are worth a list of their own: an object, or the objects in an array
 */
export function shapes(given, document) {
  const { schema } = resolve(given, document);
  const inner = [...(schema.anyOf ?? []), ...(schema.items ? [schema.items] : [])];
  if (schema.properties) return [schema];
  if (typeof schema.additionalProperties === "object") inner.push(schema.additionalProperties);
  return inner.flatMap((one) => shapes(one, document));
}

/**
 * @param {Schema} given
 * @param {Schema} document
 * @param {boolean} [whole] also what may be left out
 * @param {number} [depth]
 * @returns {any} a value that fits
 */
export function example(given, document, whole = true, depth = DEPTH) {
  const { schema } = resolve(given, document);
  if (schema.examples?.length) return schema.examples[0];
  if (schema.enum?.length) return schema.enum[0];
  if (schema.anyOf) return example(schema.anyOf[0], document, whole, depth);
  switch (types(schema)[0]) {
    case "object":
      return members(schema, document, whole, depth);
    case "array":
      return depth > 0 && schema.items && Object.keys(schema.items).length ? [example(schema.items, document, whole, depth - 1)] : [];
    case "integer":
    case "number":
      return Math.max(schema.minimum ?? 0, Math.min(schema.maximum ?? 0, 0));
    case "boolean":
      return true;
    case "string":
      return "…";
    default:
      return {};
  }
}

/** @param {Schema} schema @param {Schema} document @param {boolean} whole @param {number} depth */
function members(schema, document, whole, depth) {
  if (depth <= 0) return {};
  const wanted = Object.entries(schema.properties ?? {}).filter(([name]) => whole || schema.required?.includes(name));
  return Object.fromEntries(wanted.map(([name, inner]) => [name, example(inner, document, whole, depth - 1)]));
}
