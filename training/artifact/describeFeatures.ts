/** Features, condition and prediction as the manifest describes them. */
import { InputError } from '../../shared/errors.ts';
import type { FeatureColumn, Features } from '../../shared/features.ts';
import type { Condition, Manifest, Prediction } from '../../shared/manifest.ts';
import type { Rows } from '../../shared/tensor.ts';
import type { Dataset } from '../data/dataset.ts';
import type { FittedColumn, FittedStep, Preprocessing } from '../data/preprocessing.ts';
import type { Split } from '../data/split.ts';
import { featureStatistics } from '../data/statistics.ts';
import { numbersOf, selectRows } from '../data/table.ts';
import type { Autoencoder, FittedPrediction } from '../models/model.ts';
import type { PredictorName } from '../predictors/registry.ts';
import { encodedMissing } from '../preprocess/columns.ts';
import { fittedCategories } from '../preprocess/layout.ts';
import { TRANSFORMS } from '../preprocess/registry.ts';

/**
 * Describes the features in the form that the exported graphs take. `missing` is true if the rows that the
 * model sees may hold NaN.
 */
export function describeFeatures(
  data: Dataset<Rows>,
  { train }: Split<Rows>,
  { missing = false }: Pick<Autoencoder, 'missing'>,
): Features {
  const { rows, rowShape, featureNames, preprocessing } = data;
  const others = data.roles?.filter(({ role }) => role !== 'feature').map(({ name }) => name) ?? [];
  const ignored = others.length > 0 && { ignored: others };
  if (preprocessing !== undefined)
    return { ...ofColumns(preprocessing, data.parts!.train, missing), ...ignored };
  return {
    count: rows.width,
    dtype: 'float32',
    names: featureNames === null ? null : [...featureNames],
    ...ignored,
    units: null,
    rowShape: [...rowShape],
    statistics: featureStatistics(train),
    optional: missing,
  };
}

function ofColumns({ columns, table }: Preprocessing, train: Uint32Array, missing: boolean): Features {
  const each = selectRows(table, train).columns.map((column) => {
    if (column.type === 'category') return undefined;
    const data = Float32Array.from(numbersOf(column));
    return featureStatistics({ data, rowCount: data.length, width: 1 });
  });
  const described = columns.map((column) => describeColumn(column, missing));
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
    optional: described.every(({ optional }) => optional),
    columns: described,
  };
}

function describeColumn(column: FittedColumn, missing: boolean): FeatureColumn {
  const categories = fittedCategories(column);
  const leftOut = encodedMissing(column);
  return {
    type: column.type,
    optional: leftOut !== undefined && (missing || !leftOut.some(Number.isNaN)),
    transforms: column.steps.map(({ transform, options, statistics }) => ({
      transform,
      options: { ...options },
      statistics: { ...statistics },
    })),
    ...(categories === undefined ? {} : { categories: [...categories] }),
  };
}

/** Describes the condition of the decoder, with its labels if the rows end with a column for each. */
export function describeCondition(
  { size }: Pick<Condition, 'size'>,
  { conditionLabels: labels }: Dataset<Rows>,
): Condition {
  return { size, ...(labels?.length === size ? { labels: [...labels] } : {}) };
}

export function describePrediction(
  { target, classes }: Pick<FittedPrediction, 'target' | 'classes'>,
  predictor: PredictorName,
): Prediction {
  return { target, predictor, ...(classes && { classes: [...classes] }) };
}

/**
 * Columns that the manifest describes, with their fitted transforms; undefined if the graphs take rows of
 * numbers.
 * @throws {InputError} for a transform that this version of latentedge does not have.
 */
export function fittedColumns({ name, features }: Manifest): readonly FittedColumn[] | undefined {
  return features.columns?.map(({ type, transforms }, i) => {
    for (const { transform } of transforms) {
      if (Object.hasOwn(TRANSFORMS, transform)) continue;
      const known = Object.keys(TRANSFORMS).join(', ');
      throw new InputError(`${name}: transform '${transform}' is unknown; expected one of ${known}`);
    }
    // Written by the transform of that name, so of its type.
    return { name: features.names![i]!, type, steps: transforms as unknown as readonly FittedStep[] };
  });
}
