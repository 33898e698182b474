import { anomalyLabels, labelColumn } from '../data/anomalyLabels.ts';
import { readTable } from '../data/read.ts';
import { inferRoles } from '../data/roles.ts';
import { randomSplit, stratifiedSplit } from '../data/splits.ts';
import { tableDataset } from '../preprocess/dataset.ts';
import { published } from './published.ts';
import type { Recipe } from './recipe.ts';

export const anomaly: Recipe<'undercomplete'> = {
  name: 'anomaly',
  why: 'rows unlike most of any table, anomalies among them (--data file.csv; a column y or label is only compared with)',
  variant: 'undercomplete',
  settings: {
    hidden: [64, 32],
    activation: 'elu',
    rowScore: 'joint',
    contamination: 0.1,
    epochs: 60,
    schedule: 'cosine',
    validationShare: 0.1,
    testShare: 0.3, // anomalies are few
  },
  settingsFor: ({ rows, preprocessing }) => ({
    // Narrow: a wide code reconstructs anomalies too.
    codeSize: Math.min(32, Math.max(2, Math.round(preprocessing!.columns.length / 4)), rows.width),
    batchSize: Math.min(256, Math.max(16, Math.round(rows.rowCount / 100))),
  }),
  /** ADBench's cardio by default (Han et al., 2022). */
  data: async (path = published('anomaly/cardio.csv'), { shares, seed }) => {
    const table = await readTable(path);
    const column = labelColumn(table);
    const roles = inferRoles(table, column && { [column.name]: { role: 'target' } });
    const parts = column ? stratifiedSplit(column, shares, seed) : randomSplit(table, shares, seed);
    const { target: _, labels: __, ...dataset } = tableDataset(table, { parts, roles });
    const labels = column && anomalyLabels(column);
    return { ...dataset, ...(labels && { labels }) };
  },
};
