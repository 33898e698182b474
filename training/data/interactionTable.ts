/** Interactions from a table of `user,item[,value,time]`. */
import { InputError } from '../../shared/errors.ts';
import type { SparseMatrix } from '../../shared/tensor.ts';
import type { Dataset } from './dataset.ts';
import { fromInteractions, type Interaction } from './interactions.ts';
import { type Column, isMissing, type Table } from './table.ts';

export interface InteractionOptions {
  /** Of a table whose values are numbers: those from here count. */
  readonly least: number;
  /** How many different items a user needs to count. */
  readonly minItems: number;
}

/**
 * A row per user with a 1 for each item. The first column of the table says who, the second what, a third one, where there is one
 * and it holds numbers, how much, or booleans, whether at all; others, such as a time, say nothing here.
 * @throws {InputError} when a user or an item is missing, and when nothing is left.
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
    ` of ${value.name} from ${least}; of another scale, choose by SQL: "SELECT user, item FROM 'file.csv' WHERE value > 0"`;
  throw new InputError(
    `${table.source}: expected a user with ${minItems} items or more${scale || ''}, found none among ${table.rowCount} rows`,
  );
}

/** Whether an interaction counts; missing values do not. */
function countedBy(value: Column | undefined, least: number): (row: number) => boolean {
  if (value?.type === 'number') return (row) => value.values[row]! >= least;
  if (value?.type === 'boolean') return (row) => value.values[row] === 1;
  return () => true;
}

type NameOf = (row: number) => string;

/** Ids as text: numbers in decimal. */
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
