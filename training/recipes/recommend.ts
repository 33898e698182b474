import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../shared/errors.ts';
import type { SparseMatrix } from '../../shared/tensor.ts';
import type { Dataset } from '../data/dataset.ts';
import { interactionColumns } from '../data/interactionColumns.ts';
import { interactionsOf } from '../data/interactionTable.ts';
import { readItems } from '../data/itemTable.ts';
import { readTable } from '../data/read.ts';
import { MOST_USERS } from '../models/linearStart.ts';
import type { Recipe } from './recipe.ts';

export const recommend: Recipe<'recommender'> = {
  name: 'recommend',
  why: 'recommendations from any table of user,item[,value,time]: --data orders.csv, and --items items.csv for titles and filters',
  variant: 'recommender',
  settings: {
    kind: 'mult-dae',
    hidden: [], // with few users, deeper models learn no more
    codeSize: 400, // 200 rank worse, 800 no better
    itemDropout: 0.5,
    l2: 0.01,
    batchSize: 128,
    learningRate: 0.01,
    schedule: 'cosine',
    epochs: 40,
    checkpointEvery: 10, // writing one takes longer than an epoch
  },
  // With few users, training starts close to the optimum, and more epochs only overfit.
  settingsFor: ({ rows }) => (rows.rowCount > MOST_USERS ? {} : { epochs: 20 }),
  needsData: true,
  data: async (path) => {
    if (path === undefined) {
      throw new InputError(
        'recipe recommend needs a table of users and items: --data orders.csv, or SQL: --data "SELECT customer, product FROM \'orders.parquet\'"',
      );
    }
    return interactions(path);
  },
};

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
