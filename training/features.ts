/** What a manifest says of the features: the columns as the exported graphs take them. */
import type { FeatureColumn, Features } from '../shared/manifest.ts';
import type { Rows } from '../shared/tensor.ts';
import type { Dataset, Split } from './data/dataset.ts';
import { numbersOf, selectRows } from './data/table.ts';
import { featureStatistics } from './evaluate/statistics.ts';
import type { FittedColumn } from './preprocess/columns.ts';
import { categoriesOf } from './preprocess/layout.ts';
import type { Preprocessing } from './preprocess/preprocessing.ts';

export function describeFeatures(data: Dataset<Rows>, { train }: Split<Rows>): Features {
  const { rows, rowShape, featureNames, preprocessing } = data;
  if (preprocessing !== undefined) return ofColumns(preprocessing, data.parts!.train);
  return {
    count: rows.width,
    dtype: 'float32',
    names: featureNames === null ? null : [...featureNames],
    units: null,
    rowShape: [...rowShape],
    statistics: featureStatistics(train),
  };
}

function ofColumns({ columns, table }: Preprocessing, train: Uint32Array): Features {
  const each = selectRows(table, train).columns.map((column) => {
    if (column.type === 'category') return undefined;
    const data = Float32Array.from(numbersOf(column));
    return featureStatistics({ data, rowCount: data.length, width: 1 });
  });
  const of = (name: 'mean' | 'standardDeviation' | 'min' | 'max') =>
    each.map((statistics) => statistics?.[name][0] ?? null);
  return {
    count: columns.length,
    dtype: 'float32',
    names: columns.map(({ name }) => name),
    units: null,
    rowShape: [columns.length],
    statistics: {
      mean: of('mean'),
      standardDeviation: of('standardDeviation'),
      min: of('min'),
      max: of('max'),
    },
    columns: columns.map(describeColumn),
  };
}

function describeColumn(column: FittedColumn): FeatureColumn {
  const categories = categoriesOf(column);
  return {
    type: column.type,
    transforms: column.steps.map(({ transform, options, statistics }) => ({
      transform,
      options: { ...options },
      statistics: { ...statistics },
    })),
    ...(categories === undefined ? {} : { categories: [...categories] }),
  };
}
