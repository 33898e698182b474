import { randomSplit } from '../data/dataset.ts';
import { inferRoles } from '../data/roles.ts';
import { dropMissing } from '../data/table.ts';
import { tableDataset } from '../preprocess/dataset.ts';
import { TARGET, weather } from './rain.ts';
import type { Recipe } from './recipe.ts';

export const rainMixed: Recipe<'undercomplete'> = {
  name: 'rain-mixed',
  why: 'Rain in Australia with wind directions, location and missing values (--data weatherAUS.csv)',
  variant: 'undercomplete',
  settings: {
    hidden: [128, 64],
    codeSize: 16,
    activation: 'elu',
    batchSize: 256,
    epochs: 20,
  },
  data: async (path, { shares, seed }) => {
    const table = dropMissing(await weather(path), [TARGET]);
    const roles = inferRoles(table, { [TARGET]: { role: 'target' } });
    return tableDataset(table, { roles, parts: randomSplit(table, shares, seed) });
  },
};
