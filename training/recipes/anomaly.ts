import { anomalyLabels, labelColumn } from '../data/anomalyLabels.ts';
import { readTable } from '../data/read.ts';
import { type ColumnRole, inferRoles } from '../data/roles.ts';
import { randomSplit, stratifiedSplit } from '../data/splits.ts';
import { tableDataset } from '../preprocess/dataset.ts';
import { published } from './published.ts';
import type { Recipe } from './recipe.ts';

const BATCH = 128;
const STEPS = 500;

/**
 * Numeric columns are standardised: noise is in standard deviations, and outliers stand out in every column.
 */
const isNumeric = ({ role, type }: ColumnRole) => role === 'feature' && type !== 'category';

/** One set of defaults for all data, since settings cannot be tuned without labels. */
export const anomaly: Recipe<'denoising'> = {
  name: 'anomaly',
  why: 'anomalies in any table: --data file.csv; a column y or label is used only for evaluation',
  variant: 'denoising',
  settings: {
    // Too small to learn the anomalies among the training rows, the more so with noise.
    hidden: [16],
    codeSize: 2,
    activation: 'tanh',
    corruptionAmount: 0.5, // standard deviations
    rowScore: 'joint',
    contamination: 0.05,
    batchSize: BATCH,
    learningRate: 0.005,
    schedule: 'cosine',
    testShare: 0.3, // anomalies are rare
  },
  settingsFor: ({ parts }) => ({
    epochs: Math.max(2, Math.round(STEPS / Math.ceil(parts!.train.length / BATCH))),
  }),
  // By default the data set cardio of ADBench (Han et al., 2022).
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
