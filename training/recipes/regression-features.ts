import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { numericDataset } from '../data/numeric.ts';
import { readTable } from '../data/read.ts';
import { inferRoles } from '../data/roles.ts';
import { withTarget } from '../data/targets.ts';
import type { Recipe } from './recipe.ts';

export const regressionFeatures: Recipe<'undercomplete'> = {
  name: 'regression-features',
  why: 'a code to predict from: 100 columns, of which the target depends on 10, and a support vector regressor on the code',
  variant: 'undercomplete',
  predictor: 'svr',
  settings: {
    hidden: [200], // as published, and so is everything below
    normalization: 'batch',
    codeSize: 100, // no bottleneck: the same columns, in a form that suits the regressor better
    loss: 'mse',
    batchSize: 16,
    epochs: 400,
  },
  data: async (path = join(process.env.LATENTEDGE_DATA ?? '../shared/data', 'make-regression')) => {
    const table = await readTable(join(path, 'data.csv'));
    const dataset = numericDataset(table, inferRoles(table, { y: { role: 'target' } }));
    const { train, test } = JSON.parse(await readFile(join(path, 'split.json'), 'utf8'));
    const { rows } = dataset;
    const data = rows.data.slice();
    for (let c = 0; c < rows.width; c++) {
      const values = train.map((r: number) => rows.data[r * rows.width + c]!);
      const [lo, hi] = [Math.min(...values), Math.max(...values)];
      for (let r = 0; r < rows.rowCount; r++)
        data[r * rows.width + c] = (data[r * rows.width + c]! - lo) / (hi - lo);
    }
    return {
      ...withTarget(dataset, table, 'y'),
      rows: { ...rows, data },
      parts: {
        train: Uint32Array.from(train),
        validation: Uint32Array.from(test),
        test: Uint32Array.from(test),
      },
    };
  },
};
