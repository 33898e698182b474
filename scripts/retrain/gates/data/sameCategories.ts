import type { Profile } from '../../../../training/data/profile.ts';
import { categoriesAmong, type Relations, relationsOf } from '../../../../training/data/relations.ts';
import type { Column } from '../../../../training/data/table.ts';

/**
 * Returns a profile whose relations are to the categories that another one's are to. Of many products, those most
 * frequent tonight are others than the champion's, and what these tell of a price is another share of it.
 */
export function withSameCategories(
  now: Profile,
  columns: readonly Column[],
  before: Profile | undefined,
): Profile {
  if (now.relations === undefined || before?.relations === undefined) return now;
  const known = categoriesAmong(before.relations);
  if (namesOf(now.relations) === namesOf(before.relations)) return now;
  return { ...now, relations: relationsOf(columns, now.rows, known) };
}

function namesOf(relations: Relations): string {
  const names = categoriesAmong(relations).map(({ column, category }) => JSON.stringify([column, category]));
  return names.sort().join();
}
