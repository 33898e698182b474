/** Interactions from a table of `user,item[,value,time]`. */
import { InputError } from '../../shared/errors.ts';
import type { SparseMatrix } from '../../shared/tensor.ts';
import type { Dataset } from './dataset.ts';
import { fromInteractions, type Interaction } from './interactions.ts';
import { type Column, isMissing, type Table } from './table.ts';

export interface InteractionOptions {
  /** Smallest value that counts as an interaction, if the values are numbers. */
  readonly least: number;
  /** Smallest number of distinct items for a user to be kept. */
  readonly minItems: number;
}

/**
 * Returns a row per user with a 1 for each item. The first column holds the user, the second the item. A
 * third column of numbers (compared with `least`) or booleans decides which interactions count. Other
 * columns, such as a time, are unused.
 * @throws {InputError} if a user or an item is missing, or no interaction is left.
 */
export function interactionsOf(table: Table, { least, minItems }: InteractionOptions): Dataset<SparseMatrix> {
  const [users, items, value] = table.columns;
  if (users === undefined || items === undefined) {
    const names = table.columns.map(({ name }) => name).join(', ');
    throw new InputError(
      `${table.source}: expected the columns user, item and perhaps value, found ${names}`,
    );
  }
  const counts = countedBy(value, least);
  const [userOf, itemOf] = [users, items].map((column) => nameIn(table, column)) as [NameOf, NameOf];
  const lists = new Map<string, Set<string>>();
  for (let row = 0; row < table.rowCount; row++) {
    const [user, item] = [userOf(row), itemOf(row)];
    if (!counts(row)) continue;
    const own = lists.get(user);
    if (own === undefined) lists.set(user, new Set([item]));
    else own.add(item);
  }
  const kept: Interaction[] = [...lists]
    .filter(([, own]) => own.size >= minItems)
    .flatMap(([user, own]) => Array.from(own, (item) => ({ user, item })));
  if (kept.length > 0) return { ...fromInteractions(kept), source: table.source };
  const scale =
    value?.type === 'number' &&
    ` with ${value.name} of at least ${least}; if the values have another scale, filter them with SQL: "SELECT user, item FROM 'file.csv' WHERE value > 0"`;
  throw new InputError(
    `${table.source}: expected a user with ${minItems} items or more${scale || ''}, found none among ${table.rowCount} rows`,
  );
}

/** Returns a test for the interactions that count; a missing value does not count. */
function countedBy(value: Column | undefined, least: number): (row: number) => boolean {
  if (value?.type === 'number') return (row) => value.values[row]! >= least;
  if (value?.type === 'boolean') return (row) => value.values[row] === 1;
  return () => true;
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
