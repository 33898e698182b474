import type { Dataset } from '../data/dataset.ts';
import { inferRoles } from '../data/roles.ts';
import { randomSplit } from '../data/splits.ts';
import { type Column, dropMissing } from '../data/table.ts';
import { tableDataset } from '../preprocess/dataset.ts';
import { encodedWidth, layoutsOf } from '../preprocess/layout.ts';
import { TARGET, weather } from './rain.ts';
import type { Division, Recipe } from './recipe.ts';

export const rainMixed: Recipe<'denoising'> = {
  name: 'rain-mixed',
  why: 'Rain in Australia with wind directions, location and missing values (--data weatherAUS.csv)',
  variant: 'denoising',
  settings: {
    hidden: [],
    codeSize: 256, // wider than the rows, to predict from; masking keeps it from being a copy
    codeActivation: 'elu',
    corruption: 'masking',
    corruptionAmount: 0.2,
    batchSize: 256,
    epochs: 10,
    learningRate: 0.003,
    schedule: 'cosine',
  },
  // 97 of the 114 encoded numbers encode four category columns; with equal weights they would dominate the
  // code.
  settingsFor: ({ preprocessing }) => {
    const { columns } = preprocessing!;
    const weights = layoutsOf(columns).map((layout, i) =>
      new Array<number>(encodedWidth(layout)).fill(columns[i]!.type === 'category' ? 1 : 10),
    );
    return { featureWeights: weights.flat() };
  },
  data: (path, division) => mixedWeather(path, division, () => true),
};

/** Reads the weather with the columns that `keep` accepts; rows and split do not depend on `keep`. */
export async function mixedWeather(
  path: string | undefined,
  { shares, seed }: Division,
  keep: (column: Column) => boolean,
): Promise<Dataset> {
  const all = dropMissing(await weather(path), [TARGET]);
  const kept = all.columns.filter((column) => column.name === TARGET || keep(column));
  const table = { ...all, columns: kept };
  const inferred = inferRoles(table, { [TARGET]: { role: 'target' } });
  // Millimetres of rain are never below 0; the graphs of earlier releases stay as they were.
  const roles = inferred.map((each) =>
    each.transform === 'symlog' ? { ...each, transform: 'log1p' as const } : each,
  );
  return tableDataset(table, { roles, parts: randomSplit(table, shares, seed) });
}
