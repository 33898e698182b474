/** The joint score: residual and reconstruction together. */
import type { AnyRows } from '../data/batches.ts';
import { featureStatistics } from '../data/statistics.ts';
import { computeRows } from '../evaluate/representation.ts';
import { add, mul, sub } from '../graph/ops/arithmetic.ts';
import { log, square } from '../graph/ops/powers.ts';
import { isNan, where } from '../graph/ops/where.ts';
import type { Value, Weights } from '../graph/types.ts';
import { float32s, scalar } from '../graph/value.ts';
import { reconstructionOf, rowMean, targetOf } from '../models/errors.ts';
import type { Autoencoder, RowScores, Scoring } from '../models/model.ts';

/** Least deviation, as a share of that of the feature: smaller ones would be due to chance. */
export const LEAST_SHARE = 0.1;

/**
 * Fits the joint score. For a value x with the reconstruction h, it is log(1 + (x - h)^2 / s^2) + log(1 + (h
 * - m)^2 / t^2), where m and t are the mean and the deviation of h over the training rows, and s is the
 * deviation of x from h. A row is unusual if its code does not explain it, or if its code itself is unusual.
 * Up to a constant, each term is the negative log-likelihood of a Cauchy distribution, so that no single
 * value outweighs all others. The score is 0 if x is missing.
 */
export async function fitJoint(model: Autoencoder, train: AnyRows, weights: Weights): Promise<Scoring> {
  const reconstruct = (rows: Value) => reconstructionOf(model, rows);
  const statistics = async (of: (rows: Value) => Value) =>
    featureStatistics(await computeRows(train, of, weights));
  const { standardDeviation: spread } = await statistics((rows) => targetOf(model, rows));
  const { mean, standardDeviation } = await statistics(reconstruct);
  const residual = await statistics((rows) => sub(targetOf(model, rows), reconstruct(rows)));
  const least = (deviation: number, i: number) => Math.max(deviation, LEAST_SHARE * spread[i]!) || 1;
  const inverse = (deviations: readonly number[]) =>
    float32s(deviations.map((deviation, i) => 1 / least(deviation, i)));
  const [centre, byReconstruction] = [float32s(mean), inverse(standardDeviation)];
  const byResidual = inverse(residual.standardDeviation.map((own, i) => Math.hypot(own, residual.mean[i]!)));
  const of = (target: Value, reconstruction: Value): RowScores => {
    const surprise = (difference: Value, by: Value) => log(add(scalar(1), square(mul(difference, by))));
    const scores = add(
      surprise(sub(target, reconstruction), byResidual),
      surprise(sub(reconstruction, centre), byReconstruction),
    );
    const features = model.missing ? where(isNan(target), scalar(0), scores) : scores;
    return { score: rowMean(features, target, model), features };
  };
  return { of };
}
