/**
 * Filters by columns of the items. They are resolved here, to the numbers that the graph's input `allowed` takes: the
 * graph already masks items by number, so text stays out of it, and models that were trained before have the same graph.
 */
import * as z from 'zod';
import { didYouMean } from '../../shared/didYouMean.ts';
import { type ItemColumn, itemValue, knownValues, valuesIn } from '../../shared/itemTable.ts';
import type { Manifest } from '../../shared/manifest.ts';
import { ProblemError } from '../problems.ts';

const Value = z.union([z.string(), z.number(), z.boolean()]);

const Range = z
  .strictObject({ min: z.number().optional(), max: z.number().optional() })
  .refine(({ min, max }) => min !== undefined || max !== undefined, 'expected min, max or both');

/** Conditions by the name of a column; items must meet all of them. */
export const Where = z
  .record(z.string(), z.union([Value, z.array(Value).min(1).max(100), Range]))
  .describe(
    'Conditions on the items, by column of the table that the model was trained with: a value, a list of values of which one suffices, or `{min, max}` of a number. Items whose value is unknown never meet one.',
  );

export type Where = z.output<typeof Where>;
type Value = z.output<typeof Value>;
type Condition = Where[string];

/** Most names or values in a problem. */
const MOST_SHOWN = 20;

/**
 * Returns the numbers of the items that meet all conditions.
 * @throws {ProblemError} `invalid-filter` for a column that the model does not have, or a value that no item has there.
 */
export function itemsWhere({ name, version, features, items }: Manifest, where: Where): number[] {
  const columns = items?.columns ?? [];
  const tests = Object.entries(where).map(([column, condition]) => {
    const found = columns.find((each) => each.name === column);
    if (found !== undefined) return testOf(found, condition);
    const names = columns.map((each) => each.name);
    const known =
      names.length === 0
        ? `${name}@${version} knows no columns of items: train it with --items`
        : `the columns of ${name}@${version} are ${listed(names)}`;
    const detail = `There is no column ${shown(column)}: ${known}${didYouMean(column.slice(0, 60), names)}`;
    throw new ProblemError('invalid-filter', {
      detail,
      received: column.slice(0, 60),
      offered: first(names),
    });
  });
  const all = Array.from({ length: features.count }, (_, number) => number);
  return all.filter((number) => tests.every((test) => test(number)));
}

/** Returns whether an item, by number, meets a condition. */
function testOf(column: ItemColumn, condition: Condition): (number: number) => boolean {
  if (typeof condition === 'object' && !Array.isArray(condition)) return rangeTest(column, condition);
  const wanted = [condition].flat();
  for (const value of wanted) assertType(column, value);
  if (column.type !== 'category') {
    const values = new Set<unknown>(wanted);
    return (number) => values.has(itemValue(column, number));
  }
  const meanings = column.categories!.map(valuesIn);
  const known = new Set(meanings.flat());
  const unknown = (wanted as string[]).find((value) => !known.has(value));
  if (unknown !== undefined) throw unknownValue(column, unknown);
  const chosen = new Set(wanted);
  const suits = meanings.map((values) => values.some((value) => chosen.has(value)));
  return (number) => suits[column.values[number] ?? -1] ?? false;
}

function unknownValue({ name, categories }: ItemColumn, value: string): ProblemError {
  const known = knownValues(categories!);
  const received = value.slice(0, 60);
  const detail = `No item has ${shown(value)} in the column ${name}: its values are ${listed(known)}${didYouMean(received, known)}`;
  return new ProblemError('invalid-filter', { detail, received, offered: first(known) });
}

function rangeTest(column: ItemColumn, { min, max }: z.output<typeof Range>): (number: number) => boolean {
  if (column.type !== 'number') throw wrongType(column, '{min, max}');
  return (number) => {
    const value = column.values[number] ?? Number.NaN;
    return value >= (min ?? Number.NEGATIVE_INFINITY) && value <= (max ?? Number.POSITIVE_INFINITY);
  };
}

const TYPES = { category: 'string', number: 'number', boolean: 'boolean' } as const;

const EXPECTED = {
  category: 'text',
  number: 'a number, or {min, max}',
  boolean: 'true or false',
} as const;

function assertType(column: ItemColumn, value: Value): void {
  if (typeof value !== TYPES[column.type]) throw wrongType(column, shown(value));
}

function wrongType({ name, type }: ItemColumn, received: string): ProblemError {
  const expected = EXPECTED[type];
  const detail = `The column ${name} holds ${expected}; received ${received}.`;
  return new ProblemError('invalid-filter', { detail, expected, received });
}

function first(names: readonly string[]): string[] {
  return names.slice(0, MOST_SHOWN);
}

function listed(names: readonly string[]): string {
  const more = names.length - MOST_SHOWN;
  return `${first(names).map(shown).join(', ')}${more > 0 ? `, and ${more} more` : ''}`;
}

function shown(value: Value): string {
  return JSON.stringify(typeof value === 'string' ? value.slice(0, 60) : value);
}
