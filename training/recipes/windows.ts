import { InputError } from '../../shared/errors.ts';
import { readingOf } from '../data/chosenColumns.ts';
import { readTable } from '../data/read.ts';
import { windowsOf } from '../data/windows.ts';
import { anomaly, anomalyDataset } from './anomaly.ts';
import type { Recipe } from './recipe.ts';

/** Windows are made of the whole series, in memory. */
const { rowLimits: _, ...inMemory } = anomaly;

export const windows: Recipe<'denoising'> = {
  ...inMemory,
  name: 'windows',
  why: 'anomalies in long series: --data sensors.csv, a table with a column of times; --length and --stride of windows',
  needsData: true,
  windows: true,
  data: async (path, division, choices = {}) => {
    if (path === undefined) {
      throw new InputError(
        'recipe windows needs a long series: --data sensors.csv, a table with a column of times and columns of numbers',
      );
    }
    const table = await readTable(path, readingOf(choices));
    const { table: rows, parts, own, recorded, notes } = windowsOf(table, choices, division.shares);
    const data = anomalyDataset(rows, division, own, parts);
    return { ...data, choices: recorded, notes: [...notes, ...(data.notes ?? [])] };
  },
};
