/** Interactions of users with items, as sparse rows for recommenders. */
import { InputError } from '../../shared/errors.ts';
import type { SparseMatrix } from '../../shared/tensor.ts';
import type { Dataset } from './dataset.ts';
import { hashTexts } from './rowHashes.ts';

/** A user interacted with an item; both are ids of any kind. */
export interface Interaction {
  readonly user: string | number;
  readonly item: string | number;
  /** When it happened, in any unit, if that is known of all interactions. */
  readonly time?: number;
}

/**
 * Returns a data set with one row per user and a 1 for each item, however often the user had it. Users and
 * items are numbered in order of first occurrence; the items' names are the feature names. With times, each value keeps
 * that of its first occurrence.
 * @throws {InputError} if there are no interactions.
 */
export function fromInteractions(interactions: Iterable<Interaction>): Dataset<SparseMatrix> {
  const users = new Map<string | number, Map<number, number>>();
  const items = new Map<string, number>();
  let isTimed = true;
  for (const { user, item, time } of interactions) {
    const name = String(item);
    const id = items.get(name) ?? items.size;
    items.set(name, id);
    const own = users.get(user) ?? new Map<number, number>();
    users.set(user, own);
    if (!own.has(id)) own.set(id, time ?? 0);
    isTimed &&= time !== undefined;
  }
  const names = [...items.keys()];
  const lists = [...users.values()];
  const data = isTimed
    ? fromTimedLists(lists, names)
    : fromItemLists(
        lists.map((own) => [...own.keys()]),
        names,
      );
  return { ...data, identities: hashTexts(Array.from(users.keys(), String)) };
}

/** Returns the same kind of data set from the times of the items of each user, by the number of the item. */
export function fromTimedLists(
  users: readonly ReadonlyMap<number, number>[],
  itemNames: readonly string[],
): Dataset<SparseMatrix> {
  const data = fromItemLists(
    users.map((own) => [...own.keys()]),
    itemNames,
  );
  const { rowStarts, columns } = data.rows;
  const times = new Float64Array(columns.length);
  users.forEach((own, row) => {
    for (let i = rowStarts[row]!; i < rowStarts[row + 1]!; i++) times[i] = own.get(columns[i]!)!;
  });
  return { ...data, rows: { ...data.rows, times } };
}

/**
 * Returns the same kind of data set from one list of item numbers, from 0, per user; duplicates count once.
 * `itemNames` sets the number of items and their names; without it, the largest item number sets the number
 * of items.
 * @throws {InputError} if there are no users or, naming the user, if a list is empty or has a number out of
 * range.
 */
export function fromItemLists(
  lists: readonly (readonly number[])[],
  itemNames?: readonly string[],
): Dataset<SparseMatrix> {
  if (lists.length === 0) throw new InputError('interactions: expected at least one, received none');
  const width = itemNames?.length ?? 1 + Math.max(...lists.map((list) => Math.max(-1, ...list)));
  const rowStarts = new Uint32Array(lists.length + 1);
  const sorted = lists.map((list, user) => {
    if (list.length === 0)
      throw new InputError(`interactions: user ${user}: expected at least one item, received none`);
    for (const item of list) {
      if (Number.isInteger(item) && item >= 0 && item < width) continue;
      throw new InputError(
        `interactions: user ${user}: expected item numbers from 0 to ${width - 1}, received ${item}`,
      );
    }
    const own = Uint32Array.from(new Set(list)).sort();
    rowStarts[user + 1] = rowStarts[user]! + own.length;
    return own;
  });
  const columns = new Uint32Array(rowStarts.at(-1)!);
  sorted.forEach((own, user) => {
    columns.set(own, rowStarts[user]!);
  });
  return {
    source: 'interactions in memory',
    rowShape: [width],
    featureNames: itemNames ?? null,
    rows: { rowStarts, columns, values: null, rowCount: lists.length, width },
  };
}
