/** Interactions from a table of `user,item[,value,time]`. */
import { InputError } from '../../shared/errors.ts';
import type { SparseMatrix } from '../../shared/tensor.ts';
import type { Dataset } from './dataset.ts';
import { countingBy, interactionColumns } from './interactionColumns.ts';
import { fromInteractions, type Interaction } from './interactions.ts';
import { type Column, columnOf, isMissing, type Table } from './table.ts';

export interface InteractionOptions {
  /** Smallest rating, of 5, that counts as an interaction. */
  readonly least: number;
  /** Smallest number of distinct items for a user to be kept. */
  readonly minItems: number;
}

/**
 * Returns a row per user with a 1 for each item. Users and items are found by the names of their columns, or
 * are the first two. A column of ratings, counts or booleans decides which interactions count. A column of times is
 * kept for the evaluation. Other columns are unused.
 * @throws {InputError} if a user or an item is missing, or no interaction is left.
 */
export function interactionsOf(table: Table, { least, minItems }: InteractionOptions): Dataset<SparseMatrix> {
  const names = table.columns.map(({ name }) => name);
  const found = interactionColumns(names);
  if (found === undefined) {
    throw new InputError(
      `${table.source}: expected the columns user, item and perhaps value, found ${names.join(', ')}`,
    );
  }
  const [userOf, itemOf] = [found.user, found.item].map((name) => nameIn(table, columnOf(table, name))) as [
    NameOf,
    NameOf,
  ];
  const { counts, reason } = countingBy(
    found.value === undefined ? undefined : columnOf(table, found.value),
    least,
  );
  const time = found.time === undefined ? undefined : timeIn(columnOf(table, found.time));
  const lists = new Map<string, Map<string, number | undefined>>();
  const users = new Set<string>();
  for (let row = 0; row < table.rowCount; row++) {
    const [user, item] = [userOf(row), itemOf(row)];
    users.add(user);
    if (!counts(row)) continue;
    const own = lists.get(user) ?? new Map<string, number | undefined>();
    lists.set(user, own);
    if (!own.has(item)) own.set(item, time?.(row));
  }
  const kept: Interaction[] = [...lists]
    .filter(([, own]) => own.size >= minItems)
    .flatMap(([user, own]) =>
      Array.from(own, ([item, at]) => ({ user, item, ...(at !== undefined && { time: at }) })),
    );
  const used = `users are in the column ${found.user}, items in ${found.item}; ${reason}`;
  if (kept.length === 0) {
    throw new InputError(
      `${table.source}: expected a user with ${minItems} items or more, found none among ${table.rowCount} rows: ${used}; if that is wrong, select columns and rows with SQL: "SELECT user, item FROM 'file.csv' WHERE value > 0"`,
    );
  }
  const data = fromInteractions(kept);
  const left = users.size - data.rows.rowCount;
  const few =
    left === 0 ? '' : `; left out: ${left} of ${users.size} users, for having fewer than ${minItems} items`;
  const timed =
    data.rows.times === undefined
      ? 'there is no column of times: a random fifth of the items of each test user is held out'
      : `times are in the column ${found.time}: besides a random fifth of the items of each test user, the newest fifth is held out, too (metrics that end in -latest)`;
  const notes = [
    `${used}${few}`,
    timed,
    'to change that, select columns and rows with SQL: --data "SELECT user, item FROM \'file.csv\' WHERE value > 0"',
  ];
  return { ...data, source: table.source, notes };
}

/** Returns the times of rows, if the column has any; a missing time is before all others. */
function timeIn(column: Column): ((row: number) => number) | undefined {
  if (column.type !== 'number' && column.type !== 'date') return undefined;
  return (row) => (isMissing(column, row) ? Number.NEGATIVE_INFINITY : column.values[row]!);
}

type NameOf = (row: number) => string;

/** Returns ids as text; numbers in decimal. */
function nameIn({ source }: Table, column: Column): NameOf {
  return (row) => {
    if (isMissing(column, row)) {
      throw new InputError(
        `${source}: column ${column.name}, row ${row + 1}: expected an id, found it missing`,
      );
    }
    return column.type === 'category' ? column.categories[column.codes[row]!]! : String(column.values[row]);
  };
}
