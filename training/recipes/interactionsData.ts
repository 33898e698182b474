/** What recipes of recommenders share. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../shared/errors.ts';
import type { SparseMatrix } from '../../shared/tensor.ts';
import type { Dataset } from '../data/dataset.ts';
import { interactionColumns } from '../data/interactionColumns.ts';
import { interactionsOf } from '../data/interactionTable.ts';
import { readItems } from '../data/itemTable.ts';
import { readTable } from '../data/read.ts';

/**
 * Returns the function that reads the interactions of a recipe.
 * @throws {InputError} by the function, if it is given no location.
 */
export function interactionsFor(recipe: string) {
  return async (location: string | undefined) => {
    if (location === undefined) {
      throw new InputError(
        `recipe ${recipe} needs a table of users and items: --data orders.csv, or SQL: --data "SELECT customer, product FROM 'orders.parquet'"`,
      );
    }
    return interactions(location);
  };
}

/**
 * Lowest rating (of 0.5 to 5) that counts as liked, and fewest liked items of a user, as in Liang et al.
 * (2018).
 */
const LIKED = { least: 4, minItems: 5 };

/** Reads a folder with `ratings.csv` and `movies.csv`, as MovieLens is published, or else a table. */
async function interactions(location: string): Promise<Dataset<SparseMatrix>> {
  if (!existsSync(location) || !statSync(location).isDirectory()) {
    return interactionsOf(await readTable(location, { ids: userAndItem }), LIKED);
  }
  const data = interactionsOf(await readTable(join(location, 'ratings.csv'), { ids: 2 }), LIKED);
  return { ...(await readItems(data, join(location, 'movies.csv'))), source: location };
}

function userAndItem(names: readonly string[]): string[] {
  const found = interactionColumns(names);
  return found === undefined ? [] : [found.user, found.item];
}
