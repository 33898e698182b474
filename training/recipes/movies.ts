import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { SparseMatrix } from '../../shared/tensor.ts';
import type { Dataset } from '../data/dataset.ts';
import { interactionColumns } from '../data/interactionColumns.ts';
import { interactionsOf } from '../data/interactionTable.ts';
import { readTable } from '../data/read.ts';
import { columnOf, type Table } from '../data/table.ts';
import { MOST_USERS } from '../models/linearStart.ts';
import { published } from './published.ts';
import type { Recipe } from './recipe.ts';

export const movies: Recipe<'recommender'> = {
  name: 'movies',
  why: 'recommendations from MovieLens (--data FOLDER), or from any table of user,item[,value,time]',
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
  data: async (path = published('movielens-small')) => interactions(path),
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
  const titles = titlesOf(await readTable(join(location, 'movies.csv'), { ids: 1 }));
  return { ...data, source: location, itemTitles: data.featureNames!.map((id) => titles.get(id) ?? id) };
}

function titlesOf(table: Table): ReadonlyMap<string, string> {
  const [id, title] = ['movieId', 'title'].map((name) => columnOf(table, name));
  if (id?.type !== 'category' || title?.type !== 'category') return new Map();
  return new Map(
    Array.from(id.codes, (code, row) => [id.categories[code]!, title.categories[title.codes[row]!]!]),
  );
}

function userAndItem(names: readonly string[]): string[] {
  const found = interactionColumns(names);
  return found === undefined ? [] : [found.user, found.item];
}
