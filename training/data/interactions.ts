/** Who had what: sparse rows for recommenders. */
import { InputError } from '../../shared/errors.ts';
import type { SparseMatrix } from '../../shared/tensor.ts';
import type { Dataset } from './dataset.ts';

/** A user had an item; both by any name. */
export interface Interaction {
  readonly user: string | number;
  readonly item: string | number;
}

/**
 * A data set of one row per user with a 1 for every item that the user had, however often. Users and items are numbered in
 * the order in which they first come; the items' names are the features' names.
 * @throws {InputError} when there are none.
 */
export function fromInteractions(interactions: Iterable<Interaction>): Dataset<SparseMatrix> {
  const users = new Map<string | number, number[]>();
  const items = new Map<string, number>();
  for (const { user, item } of interactions) {
    const name = String(item);
    const id = items.get(name) ?? items.size;
    items.set(name, id);
    const own = users.get(user);
    if (own === undefined) users.set(user, [id]);
    else own.push(id);
  }
  return fromItemLists([...users.values()], [...items.keys()]);
}

/**
 * The same from one list of item numbers, from 0, per user; an item may be there twice. `itemNames` says how many items
 * there are, and what they are called; without it there are as many as the largest number needs.
 * @throws {InputError} when there are no users, a user has no items, or a number is not that of an item, naming the user.
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
