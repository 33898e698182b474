import { anomalyLabels, labelColumn } from '../data/anomalyLabels.ts';
import { readTable } from '../data/read.ts';
import { type ColumnRole, inferRoles } from '../data/roles.ts';
import { randomSplit, stratifiedSplit } from '../data/splits.ts';
import { tableDataset } from '../preprocess/dataset.ts';
import { published } from './published.ts';
import type { Recipe } from './recipe.ts';

const BATCH = 128;
const STEPS = 500;

/** What the noise is measured in, and what is far out in any column, is a standard deviation. */
const isNumeric = ({ role, type }: ColumnRole) => role === 'feature' && type !== 'category';

/** One set of defaults for all data: who has no labels cannot tune. */
export const anomaly: Recipe<'denoising'> = {
  name: 'anomaly',
  why: 'rows unlike most, in any table: --data file.csv; a column y or label is compared with, never learnt',
  variant: 'denoising',
  settings: {
    // Too small to learn the anomalies that it is shown, and the noise makes it learn less than it could.
    hidden: [16],
    codeSize: 2,
    activation: 'tanh',
    corruptionAmount: 0.5, // standard deviations
    rowScore: 'joint',
    contamination: 0.05,
    batchSize: BATCH,
    learningRate: 0.005,
    schedule: 'cosine',
    testShare: 0.3, // anomalies are few
  },
  settingsFor: ({ parts }) => ({
    epochs: Math.max(2, Math.round(STEPS / Math.ceil(parts!.train.length / BATCH))),
  }),
  // ADBench's cardio by default (Han et al., 2022).
  data: async (path = published('anomaly/cardio.csv'), { shares, seed }) => {
    const table = await readTable(path);
    const column = labelColumn(table);
    const inferred = inferRoles(table, column && { [column.name]: { role: 'target' } });
    const roles = inferred.map((each) =>
      isNumeric(each) ? { ...each, transform: 'standard' as const } : each,
    );
    const parts = column ? stratifiedSplit(column, shares, seed) : randomSplit(table, shares, seed);
    const { target: _, labels: __, ...dataset } = tableDataset(table, { parts, roles });
    const labels = column && anomalyLabels(column);
    return { ...dataset, ...(labels && { labels }) };
  },
};
