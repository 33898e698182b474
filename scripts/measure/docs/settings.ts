/** Settings as the documentation shows them, read from the schemas that check them. */
import * as z from 'zod';
import { ACTIVATIONS } from '../../../training/layers/activations.ts';
import { RECONSTRUCTION_LOSSES } from '../../../training/objectives/reconstruction.ts';
import { alternatives, code, markdownTable } from '../markdown.ts';

export interface Setting {
  readonly name: string;
  /** As Markdown, like the two below. */
  readonly default: string;
  readonly values: string;
  readonly description: string;
}

/** Choices that are tables of their own: these are named instead of listed. */
const TABLES = [
  { choices: Object.keys(ACTIVATIONS), name: 'an [activation](#activations)' },
  { choices: Object.keys(RECONSTRUCTION_LOSSES), name: 'a [loss](../README.md#losses)' },
];

/**
 * The settings of a schema, in its order.
 * @throws {Error} for a setting without a description.
 */
export function settingsOf(schema: z.ZodType): Setting[] {
  const { properties = {} } = z.toJSONSchema(schema);
  return Object.entries(properties).map(([name, property]) => {
    if (typeof property === 'boolean' || property.description === undefined) {
      throw new Error(
        `setting ${name}: expected a description, found none; add .describe('...') before its .default(...)`,
      );
    }
    const { description } = property;
    return { name, default: valueText(property.default), values: valuesText(property), description };
  });
}

/** A default, as one would give it to `--set`. */
export function valueText(value: unknown): string {
  if (value === undefined) return 'none';
  if (typeof value === 'number') return String(value);
  return code(typeof value === 'string' ? value : JSON.stringify(value).replaceAll(',', ', '));
}

/** What a JSON type is called, for the types that settings have. */
const TYPES: Readonly<Record<string, (schema: z.core.JSONSchema.BaseSchema) => string>> = {
  boolean: () => alternatives([code('true'), code('false')]),
  null: () => code('null'),
  integer: (schema) => `whole, ${rangeText(schema)}`,
  number: rangeText,
  array: ({ items }) => `a list, each ${valuesText(items as z.core.JSONSchema.BaseSchema)}`,
};

/** The values that a schema allows, in words. */
export function valuesText(schema: z.core.JSONSchema._JSONSchema): string {
  if (typeof schema === 'boolean') return 'anything';
  if (schema.const !== undefined) return code(String(schema.const));
  const either = schema.anyOf ?? schema.oneOf;
  if (either !== undefined) return either.map(valuesText).join(', or ');
  if (Array.isArray(schema.type))
    return schema.type.map((type) => valuesText({ ...schema, type })).join(', or ');
  if (schema.enum !== undefined) return choicesText(schema.enum.map(String));
  const type = String(schema.type ?? 'anything');
  return TYPES[type]?.(schema) ?? type;
}

function choicesText(choices: readonly string[]): string {
  const table = TABLES.find((each) => each.choices.join() === choices.join());
  return table?.name ?? alternatives(choices.map(code));
}

/** `0 to 1`, `above 0, below 1`, `1 or more`. */
function rangeText(schema: z.core.JSONSchema.BaseSchema): string {
  const { exclusiveMinimum: above, exclusiveMaximum: below } = schema;
  // What `int()` adds of itself is no bound that anyone set.
  const minimum = schema.minimum === Number.MIN_SAFE_INTEGER ? undefined : schema.minimum;
  const maximum = schema.maximum === Number.MAX_SAFE_INTEGER ? undefined : schema.maximum;
  if (minimum !== undefined && maximum !== undefined) return `${figure(minimum)} to ${figure(maximum)}`;
  const parts = [
    ...(minimum === undefined ? [] : [`${figure(minimum)} or more`]),
    ...(above === undefined ? [] : [`above ${figure(above)}`]),
    ...(below === undefined ? [] : [`below ${figure(below)}`]),
    ...(maximum === undefined ? [] : [`at most ${figure(maximum)}`]),
  ];
  return parts.length === 0 ? 'any number' : parts.join(', ');
}

/** Bounds are numbers in every draft but the fourth, where exclusive ones were flags. */
function figure(value: number | boolean): string {
  const digits = Number.isInteger(value) ? undefined : 6;
  return Number(value).toLocaleString('en-US', { maximumSignificantDigits: digits });
}

/** Names and defaults side by side, for a cell. */
export function settingsList(settings: readonly Setting[]): string {
  return settings.map((each) => `${code(each.name)} ${each.default}`).join(', ') || 'none';
}

/** One table of one list of settings. */
export function settingsTable(settings: readonly Setting[]): string {
  return markdownTable(
    ['setting', 'default', 'values', 'what it is'],
    settings.map(({ name, default: given, values, description }) => [code(name), given, values, description]),
  );
}

interface Owned {
  readonly owner: string;
  readonly setting: Setting;
}

/** What several owners have, in one table: one row for what has the same name and the same description. */
export function sharedSettingsTable(
  kind: string,
  owners: Readonly<Record<string, readonly Setting[]>>,
  what = 'setting',
): string {
  const rows = new Map<string, Owned[]>();
  for (const [owner, settings] of Object.entries(owners)) {
    for (const setting of settings) {
      const key = `${setting.name}\n${setting.description}`;
      rows.set(key, [...(rows.get(key) ?? []), { owner, setting }]);
    }
  }
  const all = Object.keys(owners);
  return markdownTable(
    [what, 'default', 'values', 'what it is', kind],
    [...rows.values()].map((row) => {
      const { name, description } = row[0]!.setting;
      return [code(name), byOwner(row, 'default'), byOwner(row, 'values'), description, ownersText(row, all)];
    }),
  );
}

/** What most owners have, then what the others have, with their names. */
function byOwner(row: readonly Owned[], column: 'default' | 'values'): string {
  const texts = [...new Set(row.map(({ setting }) => setting[column]))].map((text) => ({
    text,
    owners: row.filter(({ setting }) => setting[column] === text).map(({ owner }) => owner),
  }));
  texts.sort((a, b) => b.owners.length - a.owners.length);
  return texts.map(({ text, owners }, i) => (i === 0 ? text : `${text} (${owners.join(', ')})`)).join('; ');
}

function ownersText(row: readonly Owned[], all: readonly string[]): string {
  const owners = row.map(({ owner }) => owner);
  const missing = all.filter((each) => !owners.includes(each));
  if (missing.length === 0) return 'all';
  return missing.length < owners.length ? `all but ${missing.join(', ')}` : owners.join(', ');
}
