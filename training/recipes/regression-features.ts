import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { readTable } from '../data/read.ts';
import { inferRoles } from '../data/roles.ts';
import { tableDataset } from '../preprocess/dataset.ts';
import { published } from './published.ts';
import type { Recipe } from './recipe.ts';

const TARGET = 'y';
const Indices = z.object({ train: z.array(z.number()), test: z.array(z.number()) });

export const regressionFeatures: Recipe<'undercomplete'> = {
  name: 'regression-features',
  why: '100 columns, 10 of them informative, with a support vector regressor that predicts from the code',
  variant: 'undercomplete',
  predictor: 'svr',
  settings: {
    hidden: [200],
    normalization: 'batch',
    codeSize: 100, // as wide as a row: a transformation of it that suits the regressor better
    batchSize: 16,
    epochs: 400,
  },
  data: async (path = published('make-regression')) => {
    const table = await readTable(join(path, 'data.csv'));
    const roles = inferRoles(table, { [TARGET]: { role: 'target' } });
    const indices = Indices.parse(JSON.parse(await readFile(join(path, 'split.json'), 'utf8')));
    const [train, test] = [Uint32Array.from(indices.train), Uint32Array.from(indices.test)];
    const steps = roles.filter(({ role }) => role === 'feature').map(({ name }) => [name, MIN_MAX] as const);
    return tableDataset(table, {
      roles,
      // As in the published run, the test rows also choose the best epoch.
      parts: { train, validation: test, test },
      steps: Object.fromEntries(steps),
    });
  },
};

const MIN_MAX = [{ transform: 'minMax' }] as const;
