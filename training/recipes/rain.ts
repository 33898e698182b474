import { readTable } from '../data/read.ts';
import { inferRoles } from '../data/roles.ts';
import { randomSplit } from '../data/splits.ts';
import { dropMissing, selectColumns, type Table } from '../data/table.ts';
import { tableDataset } from '../preprocess/dataset.ts';
import { published } from './published.ts';
import type { Recipe } from './recipe.ts';

export const TARGET = 'RainTomorrow';

/** "Rain in Australia" */
export async function weather(path = published('rain/weatherAUS.csv.gz')): Promise<Table> {
  return readTable(path);
}

export const rain: Recipe<'undercomplete'> = {
  name: 'rain',
  why: 'Rain in Australia as 17 numbers of complete rows, in a code of 3 (--data weatherAUS.csv)',
  variant: 'undercomplete',
  betterThanPca: true,
  settings: {
    hidden: [64, 32],
    codeSize: 3, // to be seen in a scatter plot
    activation: 'elu',
    batchSize: 256,
    epochs: 30,
    learningRate: 0.005,
    schedule: 'cosine', // the plain rate is still far from its end after 30 epochs
  },
  // As published: without columns of text and dates, and without rows in which anything is missing.
  data: async (path, { shares, seed }) => {
    const all = await weather(path);
    const kept = all.columns.filter(
      ({ name, type }) => name === TARGET || type === 'number' || type === 'boolean',
    );
    const table = dropMissing(
      selectColumns(
        all,
        kept.map(({ name }) => name),
      ),
    );
    const standard = table.columns.map(({ name }) => [name, { transform: 'standard' }] as const);
    const roles = inferRoles(table, { ...Object.fromEntries(standard), [TARGET]: { role: 'target' } });
    return tableDataset(table, { roles, parts: randomSplit(table, shares, seed) });
  },
};
