/** Settings as the documentation shows them, read from the schemas that check them. */
import * as z from 'zod';
import { code, markdownTable } from '../markdown.ts';
import { valuesText } from './types.ts';

export interface Setting {
  readonly name: string;
  /** As Markdown, like the two below. */
  readonly default: string;
  /** Type and bounds. */
  readonly type: string;
  readonly description: string;
}

/**
 * The settings of a schema, in its order.
 * @throws {Error} for a setting without a description.
 */
export function settingsOf(schema: z.ZodType): Setting[] {
  const { properties = {} } = z.toJSONSchema(schema);
  return Object.entries(properties).map(([name, property]) => {
    const schema = typeof property === 'boolean' ? {} : property;
    const description = descriptionOf(`setting ${name}`, schema);
    return { name, default: valueText(schema.default), type: valuesText(schema), description };
  });
}

/** @throws {Error} if there is none: the reference lists nothing without a description. */
export function descriptionOf(what: string, { description = '' }: z.core.JSONSchema.BaseSchema): string {
  if (description !== '') return description;
  throw new Error(
    `${what}: expected a description, found none; add .describe('...') before its .default(...) or .optional()`,
  );
}

/** A default, in the form that `--set` takes. */
export function valueText(value: unknown): string {
  if (value === undefined) return 'none';
  if (typeof value === 'number') return String(value);
  return code(typeof value === 'string' ? value : JSON.stringify(value).replaceAll(',', ', '));
}

/** Names and defaults side by side, for a cell. */
export function settingsList(settings: readonly Setting[]): string {
  return settings.map((each) => `${code(each.name)} ${each.default}`).join(', ') || 'none';
}

/** A table of settings. */
export function settingsTable(settings: readonly Setting[]): string {
  return markdownTable(
    ['setting', 'type', 'default', 'description'],
    settings.map(({ name, default: given, type, description }) => [code(name), type, given, description]),
  );
}

interface Owned {
  readonly owner: string;
  readonly setting: Setting;
}

/** Table of the settings of several owners; settings of the same name and description share a row. */
export function sharedSettingsTable(
  kind: string,
  owners: Readonly<Record<string, readonly Setting[]>>,
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
    ['setting', 'type', 'default', 'description', kind],
    [...rows.values()].map((row) => {
      const { name, description } = row[0]!.setting;
      return [code(name), byOwner(row, 'type'), byOwner(row, 'default'), description, ownersText(row, all)];
    }),
  );
}

/** The value of most owners, then the values of the others with their names. */
function byOwner(row: readonly Owned[], column: 'default' | 'type'): string {
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
