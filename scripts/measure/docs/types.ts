/** Types and bounds of JSON schemas, as the reference shows them for settings and members of bodies. */
import type * as z from 'zod';
import { ACTIVATIONS } from '../../../training/layers/activations.ts';
import { RECONSTRUCTION_LOSSES } from '../../../training/objectives/reconstruction.ts';
import { code } from '../markdown.ts';

export type Schema = z.core.JSONSchema._JSONSchema;
type SchemaObject = z.core.JSONSchema.BaseSchema;

/** Choices with a table of their own: the name of the type, with a link to the table. */
const TABLES = [
  { choices: Object.keys(ACTIVATIONS), name: '[`Activation`](layers.md#activations)' },
  { choices: Object.keys(RECONSTRUCTION_LOSSES), name: '[`Loss`](losses.md)' },
];

/**
 * The type, then its bounds, as Markdown.
 *
 * @example
 * valuesText({ type: 'array', items: { type: 'integer', minimum: 1 } }); // '`Array<integer>`, each 1 or more'
 */
export function valuesText(schema: Schema): string {
  const table = TABLES.find(({ choices }) => choices.join() === choicesOf(schema).join());
  return [table?.name ?? code(typeText(schema)), boundsText(schema)].filter((text) => text !== '').join(', ');
}

/** The type, as TypeScript writes it; `integer` is a whole number. */
export function typeText(schema: Schema): string {
  if (typeof schema === 'boolean') return 'unknown';
  if (schema.const !== undefined) return literal(schema.const);
  if (schema.enum !== undefined) return union(schema.enum.map(literal));
  const either = schema.anyOf ?? schema.oneOf;
  if (either !== undefined) return union(either.map(typeText));
  if (Array.isArray(schema.type)) return union(schema.type.map((type) => typeText({ ...schema, type })));
  if (schema.type === 'array') return `Array<${typeText((schema.items as Schema) ?? true)}>`;
  if (schema.type === 'object') return objectText(schema);
  return schema.type ?? 'unknown';
}

/** The properties of an object on one line; `Record<string, T>` if any name is allowed. */
function objectText(schema: SchemaObject): string {
  const members = membersOf(schema);
  if (members.length > 0)
    return `{ ${members.map(({ name, isRequired, schema: each }) => `${name}${isRequired ? '' : '?'}: ${typeText(each)}`).join('; ')} }`;
  return `Record<string, ${typeText((schema.additionalProperties as Schema | undefined) ?? true)}>`;
}

export interface Member {
  readonly name: string;
  readonly isRequired: boolean;
  readonly schema: SchemaObject;
}

/** The properties of an object, except for those that only refuse a value. */
export function membersOf({ properties = {}, required = [] }: SchemaObject): Member[] {
  return Object.entries(properties).flatMap(([name, schema]) =>
    typeof schema === 'boolean' || Object.keys(schema).length === 0
      ? []
      : [{ name, isRequired: required.includes(name), schema }],
  );
}

/** The properties of an object over several lines, each followed by its description. */
export function declarationText(schema: SchemaObject, indent = ''): string {
  const inner = `${indent}  `;
  const lines = membersOf(schema).map(({ name, isRequired, schema: each }) => {
    const comment = each.description === undefined ? '' : ` // ${each.description}`;
    const nested = nestedOf(each);
    const type = nested === undefined ? `${typeText(each)};${comment}` : nestedText(nested, inner, comment);
    return `${inner}${name}${isRequired ? '' : '?'}: ${type}`;
  });
  return ['{', ...lines, `${indent}}`].join('\n');
}

interface Nested {
  readonly schema: SchemaObject;
  readonly isList: boolean;
}

/** An object with properties, or a list of such. */
function nestedOf(schema: SchemaObject): Nested | undefined {
  const items = schema.type === 'array' ? (schema.items as SchemaObject | undefined) : undefined;
  const nested = items ?? schema;
  return membersOf(nested).length > 0 ? { schema: nested, isList: items !== undefined } : undefined;
}

function nestedText({ schema, isList }: Nested, indent: string, comment: string): string {
  const text = declarationText(schema, indent).replace('{', `{${comment}`);
  return isList ? `Array<${text}>;` : `${text};`;
}

/** `1 to 65,536`, `above 0, below 1`, `each 1 or more`; empty if there are none. */
function boundsText(schema: Schema): string {
  if (typeof schema === 'boolean') return '';
  const parts = schema.anyOf ?? schema.oneOf;
  if (parts !== undefined)
    return [...new Set(parts.map(boundsText).filter((text) => text !== ''))].join(', ');
  if (schema.type === 'array') {
    const each = boundsText((schema.items as Schema | undefined) ?? true);
    return each === '' || each.startsWith('each ') ? each : `each ${each}`;
  }
  return rangeText(schema);
}

function rangeText(schema: SchemaObject): string {
  const { exclusiveMinimum: above, exclusiveMaximum: below } = schema;
  // Bounds that `int()` adds, which nobody set.
  const minimum = schema.minimum === Number.MIN_SAFE_INTEGER ? undefined : schema.minimum;
  const maximum = schema.maximum === Number.MAX_SAFE_INTEGER ? undefined : schema.maximum;
  if (minimum !== undefined && maximum !== undefined) return `${figure(minimum)} to ${figure(maximum)}`;
  return [
    ...(minimum === undefined ? [] : [`${figure(minimum)} or more`]),
    ...(above === undefined ? [] : [`above ${figure(above)}`]),
    ...(below === undefined ? [] : [`below ${figure(below)}`]),
    ...(maximum === undefined ? [] : [`at most ${figure(maximum)}`]),
  ].join(', ');
}

/** Bounds are numbers in every draft but the fourth, where exclusive ones were flags. */
function figure(value: number | boolean): string {
  const digits = Number.isInteger(value) ? undefined : 6;
  return Number(value).toLocaleString('en-US', { maximumSignificantDigits: digits });
}

function choicesOf(schema: Schema): string[] {
  return typeof schema === 'boolean' ? [] : (schema.enum ?? []).map(String);
}

function union(types: readonly string[]): string {
  return [...new Set(types)].join(' | ');
}

function literal(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}
