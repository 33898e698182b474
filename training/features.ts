/** What a manifest says of the features: the columns as the exported graphs take them. */
import { InputError } from '../shared/errors.ts';
import type { FeatureColumn, Features, Manifest } from '../shared/manifest.ts';
import type { Rows } from '../shared/tensor.ts';
import type { Dataset } from './data/dataset.ts';
import type { Split } from './data/split.ts';
import { numbersOf, selectRows } from './data/table.ts';
import { featureStatistics } from './evaluate/statistics.ts';
import type { FittedColumn } from './preprocess/columns.ts';
import { categoriesOf } from './preprocess/layout.ts';
import type { Preprocessing } from './preprocess/preprocessing.ts';
import { TRANSFORMS } from './preprocess/registry.ts';
import type { FittedStep } from './preprocess/steps.ts';

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

/**
 * The columns that the manifest describes, with what was fitted on them; undefined where graphs take rows of numbers.
 * @throws {InputError} when this version of latentedge has no such transform.
 */
export function fittedColumns({ name, features }: Manifest): readonly FittedColumn[] | undefined {
  return features.columns?.map(({ type, transforms }, i) => {
    for (const { transform } of transforms) {
      if (Object.hasOwn(TRANSFORMS, transform)) continue;
      const known = Object.keys(TRANSFORMS).join(', ');
      throw new InputError(`${name}: transform '${transform}' is unknown; expected one of ${known}`);
    }
    // What a transform of this name wrote.
    return { name: features.names![i]!, type, steps: transforms as unknown as readonly FittedStep[] };
  });
}
