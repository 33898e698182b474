import { InputError } from '../../shared/errors.ts';
import { readTable } from '../data/read.ts';
import { randomSplit } from '../data/splits.ts';
import { tableDataset } from '../preprocess/dataset.ts';
import type { Recipe } from './recipe.ts';

const clamped = (value: number, min: number, max: number) => Math.min(max, Math.max(min, Math.round(value)));

export const tabular: Recipe<'undercomplete'> = {
  name: 'tabular',
  why: 'any table: --data file.csv, a glob, Parquet, JSON or "SELECT ..."; no settings needed',
  variant: 'undercomplete',
  settings: {
    hidden: [64, 32],
    activation: 'elu', // smooth, and nothing dies on rows that are few and odd
    epochs: 200,
    patience: 10, // as many epochs as the table is worth
  },
  settingsFor: ({ rows, preprocessing }) => ({
    codeSize: clamped(preprocessing!.columns.length / 4, Math.min(2, rows.width), 32),
    // Some 100 steps an epoch, and batches that are neither noise nor too large for a step.
    batchSize: clamped(rows.rowCount / 100, 16, 256),
  }),
  needsData: true,
  data: async (location, { shares, seed }) => {
    if (location === undefined) {
      throw new InputError('recipe tabular needs a table: --data file.csv, a glob, or "SELECT ..."');
    }
    const table = await readTable(location);
    return tableDataset(table, { parts: randomSplit(table, shares, seed) });
  },
};
