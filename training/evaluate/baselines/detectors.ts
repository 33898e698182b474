/** Other ways to find anomalies among the same rows: what a model has to be better than. */
import { EigenvalueDecomposition } from 'ml-matrix';
import { isSparse, type Matrix, type Rows } from '../../../shared/tensor.ts';
import type { Split } from '../../data/split.ts';
import { featureStatistics } from '../../data/statistics.ts';
import { fitPca, pcaReconstruct } from '../../estimators/pca.ts';
import { sub } from '../../graph/ops/arithmetic.ts';
import { reduceMean } from '../../graph/ops/mean.ts';
import { square } from '../../graph/ops/powers.ts';
import { unsqueeze } from '../../graph/ops/squeeze.ts';
import { input } from '../../graph/value.ts';
import { rowScore } from '../../models/errors.ts';
import type { Autoencoder } from '../../models/model.ts';
import { detectedMetrics } from '../metrics/alarms.ts';
import { detectedOf } from '../metrics/detected.ts';
import { type JudgingOptions, judgedBy, judgingOf } from '../metrics/judging.ts';
import { rowErrors } from '../metrics/reconstruction.ts';
import { fitScoring } from '../metrics/scoring.ts';
import { columns, computed, type Representation } from '../representation.ts';
import { initialWeights } from './baselines.ts';

/** Of more columns, PCA and distances take too long. */
const MOST_COLUMNS = 512;

export interface DetectorOptions extends Pick<JudgingOptions, 'contamination' | 'targetFpr'> {
  /** What `pcaGraph` gave. */
  readonly pca: Uint8Array | undefined;
}

/**
 * How well others tell the anomalies of the test rows, having seen what the model saw. By name: `pca-half`, the error of PCA
 * with half as many components as there are columns; `mahalanobis`, the distance from the mean by the covariance;
 * `distance`, the distance from the mean where every column counts alike; `untrained`, the same network judged in the same
 * way with the weights that it started from; and `pca`, the error of as many components as the code is wide, with alarms by a
 * threshold that is found as the model's is.
 */
export async function detectorsOf(
  split: Split<Rows>,
  model: Autoencoder,
  { pca, ...thresholds }: DetectorOptions,
): Promise<Record<string, Record<string, number>>> {
  const { train, testLabels: labels } = split;
  if (labels?.anomalous === undefined || isSparse(train) || train.width > MOST_COLUMNS) return {};
  const rows = columns(split);
  const scores = {
    'pca-half': await pcaErrors(rows),
    mahalanobis: mahalanobis(rows),
    distance: distance(rows),
    untrained: await untrained(split, model),
  };
  const told = Object.entries(scores).map(([name, own]) => [name, detectedMetrics(detectedOf(own, labels))]);
  if (pca === undefined) return Object.fromEntries(told);
  const { threshold } = judgedBy(await judgingOf(pca, split, thresholds));
  const own = detectedMetrics(detectedOf(await rowErrors(pca, split.test), labels), threshold);
  return { pca: own, ...Object.fromEntries(told) };
}

async function pcaErrors({ train, test }: Representation): Promise<Float32Array> {
  const pca = await fitPca(train, Math.max(1, Math.floor(train.width / 2)));
  const { data } = await computed(test, (rows) => {
    const differences = sub(pcaReconstruct(pca, rows), rows);
    return unsqueeze(reduceMean(square(differences), [1]), [1]);
  });
  return data;
}

/** By the columns' standard deviations alone; columns that are constant in the training rows do not count. */
function distance({ train, test }: Representation): Float64Array {
  const { mean, standardDeviation } = featureStatistics(train);
  return perRow(test, (row) =>
    row.reduce((sum, value, c) => {
      const deviation = standardDeviation[c]!;
      return deviation === 0 ? sum : sum + ((value - mean[c]!) / deviation) ** 2;
    }, 0),
  );
}

/** Directions in which the training rows do not vary do not count. */
function mahalanobis({ train, test }: Representation): Float64Array {
  const { mean } = featureStatistics(train);
  const { realEigenvalues: variances, eigenvectorMatrix } = new EigenvalueDecomposition(
    covariance(train, mean),
    { assumeSymmetric: true },
  );
  const least = 1e-6 * Math.max(...variances);
  const directions = variances.map((_, k) => eigenvectorMatrix.getColumn(k));
  return perRow(test, (row) =>
    variances.reduce((sum, variance, k) => {
      if (variance <= least) return sum;
      const along = directions[k]!.reduce((total, each, c) => total + each * (row[c]! - mean[c]!), 0);
      return sum + along ** 2 / variance;
    }, 0),
  );
}

function covariance({ data, rowCount, width }: Matrix, mean: readonly number[]): number[][] {
  const sums = Array.from({ length: width }, () => new Array<number>(width).fill(0));
  for (let start = 0; start < data.length; start += width) {
    for (let a = 0; a < width; a++) {
      const own = data[start + a]! - mean[a]!;
      for (let b = 0; b <= a; b++) sums[a]![b]! += own * (data[start + b]! - mean[b]!);
    }
  }
  return sums.map((row, a) => row.map((_, b) => sums[Math.max(a, b)]![Math.min(a, b)]! / rowCount));
}

async function untrained({ train, test }: Split<Rows>, { scoring, ...model }: Autoencoder) {
  const weights = initialWeights([rowScore(model, input('rows', ['N', train.width]))]);
  const judged = { ...model, ...(scoring && { scoring: await fitScoring(model, train, weights) }) };
  const { data } = await computed(test, (rows) => unsqueeze(rowScore(judged, rows), [1]), weights);
  return data;
}

function perRow({ data, rowCount, width }: Matrix, of: (row: Float32Array) => number): Float64Array {
  return Float64Array.from({ length: rowCount }, (_, row) =>
    of(data.subarray(row * width, (row + 1) * width)),
  );
}
