/** Reconstruction errors and scores of rows, as nodes of a graph. */
import { sub } from '../graph/ops/arithmetic.ts';
import { reduceMean } from '../graph/ops/mean.ts';
import { square } from '../graph/ops/powers.ts';
import { isNan, where } from '../graph/ops/where.ts';
import type { Value } from '../graph/types.ts';
import { scalar } from '../graph/value.ts';
import { weightedMean } from '../objectives/weighting.ts';
import type { Autoencoder } from './model.ts';

/** Returns the columns that a model reconstructs, `[N, target width]`. */
export function targetOf({ target }: Autoencoder, rows: Value): Value {
  return target === undefined ? rows : target(rows);
}

/** Returns the reconstruction of rows, `[N, target width]`. */
export function reconstructionOf(model: Autoencoder, rows: Value): Value {
  return model.decode(model.encode(rows), model.condition?.of(rows));
}

/**
 * Returns the squared error of every feature, `[N, target width]`, and its mean over each row, `[N]`; missing
 * values count 0.
 */
export function errorsOf(
  reconstruction: Value,
  target: Value,
  { missing = false }: Pick<Autoencoder, 'missing'>,
) {
  const squared = square(sub(reconstruction, target));
  const featureError = missing ? where(isNan(target), scalar(0), squared) : squared;
  return { rowError: rowMean(featureError, target, { missing }), featureError };
}

/**
 * Returns the score of each row, `[N]`: the fitted anomaly score, or the reconstruction error if no scoring
 * is fitted.
 */
export function rowScore(model: Autoencoder, rows: Value): Value {
  const [target, reconstruction] = [targetOf(model, rows), reconstructionOf(model, rows)];
  return model.scoring?.of(target, reconstruction).score ?? errorsOf(reconstruction, target, model).rowError;
}

/** Averages each row over the features that are not missing, `[N]`. */
export function rowMean(
  values: Value,
  target: Value,
  { missing = false }: Pick<Autoencoder, 'missing'>,
): Value {
  if (!missing) return reduceMean(values, [1]);
  return weightedMean(values, where(isNan(target), scalar(0), scalar(1)));
}
