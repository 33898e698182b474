/** JSON Schemas in words. */

/** @typedef {import('../openapi/schema.ts').JsonSchema} JsonSchema */
/** @typedef {import('../openapi/document.ts').OpenApiDocument} OpenApiDocument */

/**
 * Resolves a schema that is a reference.
 *
 * @param {OpenApiDocument} document
 * @param {JsonSchema} schema
 * @returns {JsonSchema}
 */
export function resolved({ components }, schema) {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : /** @type {JsonSchema} */ (components.schemas[name]);
}

/**
 * Describes a type: `integer, 1 to 1000`, `array of array of number`, `"a" or "b"`.
 *
 * @param {JsonSchema} schema
 * @returns {string}
 */
export function typeText(schema) {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' or ');
  const either = /** @type {JsonSchema[] | undefined} */ (schema.anyOf ?? schema.oneOf);
  if (either) return either.map(typeText).join(' or ');
  if (schema.type === 'array') {
    const each = typeText(itemsOf(schema));
    return each.includes(' or ') ? `array of (${each})` : `array of ${each}`;
  }
  const type = [schema.type ?? 'anything'].flat().join(' or ');
  return type + rangeText(schema);
}

/**
 * @param {JsonSchema} schema
 * @returns {JsonSchema}
 */
function itemsOf({ items }) {
  return /** @type {JsonSchema} */ (items ?? {});
}

/** @param {JsonSchema} schema */
function rangeText({ minimum, maximum, exclusiveMinimum }) {
  if (minimum !== undefined && maximum !== undefined) return `, ${minimum} to ${maximum}`;
  if (minimum !== undefined) return `, ${minimum} or more`;
  if (exclusiveMinimum !== undefined) return `, above ${exclusiveMinimum}`;
  return maximum === undefined ? '' : `, at most ${maximum}`;
}

/**
 * Lists the members of an object, and of nested objects. An optional member has a `?`; members of the objects
 * in an array come after `[]`.
 *
 * @param {JsonSchema} schema
 * @returns {{ name: string, type: string, description: string }[]}
 */
export function members({ properties = {}, required = [] }) {
  return Object.entries(properties).flatMap(([key, property]) => {
    const schema = /** @type {JsonSchema} */ (property);
    const name = required.includes(key) ? key : `${key}?`;
    const given = schema.default === undefined ? '' : ` Default: ${JSON.stringify(schema.default)}.`;
    const own = { name, type: typeText(schema), description: `${schema.description ?? ''}${given}`.trim() };
    const [inner, path] = schema.type === 'array' ? [itemsOf(schema), `${name}[].`] : [schema, `${name}.`];
    return [own, ...members(inner).map((member) => ({ ...member, name: path + member.name }))];
  });
}
