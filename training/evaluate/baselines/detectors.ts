/** Baselines of anomaly detection: other methods on the same rows. */
import { EigenvalueDecomposition } from 'ml-matrix';
import { permutation, random } from '../../../shared/random.ts';
import { isSparse, type Matrix, type Rows } from '../../../shared/tensor.ts';
import { takeRows } from '../../data/batches.ts';
import type { Split } from '../../data/split.ts';
import { featureStatistics } from '../../data/statistics.ts';
import { covarianceOf } from '../../estimators/explainedVariance.ts';
import { fitIsolationForest } from '../../estimators/isolationForest.ts';
import { distanceToNearest } from '../../estimators/nearestRows.ts';
import { fitPca, pcaReconstruct } from '../../estimators/pca.ts';
import { standardise } from '../../estimators/standardise.ts';
import { neg, sub } from '../../graph/ops/arithmetic.ts';
import { reduceMean } from '../../graph/ops/mean.ts';
import { square } from '../../graph/ops/powers.ts';
import { unsqueeze } from '../../graph/ops/squeeze.ts';
import { treeEnsembleRegressor } from '../../graph/ops/treeEnsembleRegressor.ts';
import type { Value, Weights } from '../../graph/types.ts';
import { input } from '../../graph/value.ts';
import { reconstructionOf, rowScore, targetOf } from '../../models/errors.ts';
import type { Autoencoder } from '../../models/model.ts';
import { fitJoint } from '../../scoring/joint.ts';
import { detectionAndAlarmMetrics } from '../metrics/alarms.ts';
import { type JudgingOptions, judgedBy, judgingOf } from '../metrics/judging.ts';
import { labelledScores } from '../metrics/labelledScores.ts';
import { rowErrors } from '../metrics/reconstruction.ts';
import { computeRows, imputedRows, type Representation } from '../representation.ts';
import { initialWeights } from './baselines.ts';

/** PCA and distances take too long on more columns. */
const MOST_COLUMNS = 512;

export interface DetectorOptions extends Pick<JudgingOptions, 'contamination' | 'targetFpr'> {
  /** The graph of `pcaGraph`; undefined if PCA is no baseline for this model. */
  readonly pca: Uint8Array | undefined;
  readonly weights: Weights;
  readonly seed: number;
}

/**
 * Detection metrics of other methods on the test rows, each fitted to the model's training rows. By name:
 * - `pca-half`: error of PCA with half as many components as there are columns
 * - `mahalanobis`: Mahalanobis distance from the mean
 * - `distance`: distance from the mean in standard deviations of each column
 * - `isolation-forest`: isolation forest
 * - `knn`: distance to the 5th nearest training row, columns standardised
 * - the members of the model's own score, each alone, if it joins several
 * - `untrained`: joint score of the same network with its initial weights, or its error
 * - `pca`: error of PCA with as many components as the code has dimensions, with alarms at a threshold set
 *   like the model's
 *
 * Empty if no label marks anomalies, or if the rows are sparse or too wide.
 */
export async function detectorsOf(
  split: Split<Rows>,
  model: Autoencoder,
  { pca, weights, seed, ...thresholds }: DetectorOptions,
): Promise<Record<string, Record<string, number>>> {
  const { train, testLabels: labels } = split;
  if (labels?.anomalous === undefined || isSparse(train) || train.width > MOST_COLUMNS) return {};
  const rows = imputedRows(split);
  const scores = {
    'pca-half': await pcaErrors(rows),
    mahalanobis: mahalanobis(rows),
    distance: distance(rows),
    'isolation-forest': await isolationForest(rows, seed),
    knn: await nearest(rows, seed),
    ...(await memberScores(split, model, weights)),
    untrained: await untrained(split, model),
  };
  const detection = Object.entries(scores).map(([name, own]) => [
    name,
    detectionAndAlarmMetrics(labelledScores(own, labels)),
  ]);
  if (pca === undefined) return Object.fromEntries(detection);
  const { threshold } = judgedBy(await judgingOf(pca, split, thresholds));
  const own = detectionAndAlarmMetrics(labelledScores(await rowErrors(pca, split.test), labels), threshold);
  return { pca: own, ...Object.fromEntries(detection) };
}

/** Scores of the members of the ensemble, by name. */
async function memberScores(
  { train, test }: Split<Rows>,
  model: Autoencoder,
  weights: Weights,
): Promise<Record<string, Float32Array>> {
  const { members } = model.scoring ?? {};
  if (members === undefined) return {};
  const of = (rows: Value) => members(targetOf(model, rows), reconstructionOf(model, rows));
  const scores: Record<string, Float32Array> = {};
  for (const name of Object.keys(of(input('rows', ['N', train.width]))))
    scores[name] = (await computeRows(test, (rows) => unsqueeze(of(rows)[name]!, [1]), weights)).data;
  return scores;
}

async function isolationForest({ train, test }: Representation, seed: number): Promise<Float32Array> {
  const { trees } = fitIsolationForest(train, { seed });
  return (await computeRows(test, (rows) => neg(treeEnsembleRegressor(rows, trees)))).data;
}

/** Neighbour that distances are measured to, and most training rows, as more take too long. */
const NEIGHBOUR = 5;
const MOST_NEIGHBOURS = 10_000;

async function nearest({ train, test }: Representation, seed: number): Promise<Float32Array> {
  const { rows, standardised } = standardise(train);
  const kept = permutation(rows.rowCount, random(seed, 'knn')).subarray(0, MOST_NEIGHBOURS);
  const among = takeRows(rows, kept);
  const rank = Math.min(NEIGHBOUR, kept.length);
  return (await computeRows(standardised(test), (own) => distanceToNearest(own, among, rank))).data;
}

async function pcaErrors({ train, test }: Representation): Promise<Float32Array> {
  const pca = await fitPca(train, Math.max(1, Math.floor(train.width / 2)));
  const { data } = await computeRows(test, (rows) => {
    const differences = sub(pcaReconstruct(pca, rows), rows);
    return unsqueeze(reduceMean(square(differences), [1]), [1]);
  });
  return data;
}

/**
 * Squared distance in standard deviations of each column; skips columns that are constant in the training
 * rows.
 */
function distance({ train, test }: Representation): Float64Array {
  const { mean, standardDeviation } = featureStatistics(train);
  return scoreRows(test, (row) =>
    row.reduce((sum, value, c) => {
      const deviation = standardDeviation[c]!;
      return deviation === 0 ? sum : sum + ((value - mean[c]!) / deviation) ** 2;
    }, 0),
  );
}

/** Squared Mahalanobis distance; skips directions in which the training rows do not vary. */
function mahalanobis({ train, test }: Representation): Float64Array {
  const { mean } = featureStatistics(train);
  const { realEigenvalues: variances, eigenvectorMatrix } = new EigenvalueDecomposition(
    covarianceOf(train, mean),
    { assumeSymmetric: true },
  );
  const least = 1e-6 * Math.max(...variances);
  const directions = variances.map((_, k) => eigenvectorMatrix.getColumn(k));
  return scoreRows(test, (row) =>
    variances.reduce((sum, variance, k) => {
      if (variance <= least) return sum;
      const along = directions[k]!.reduce((total, each, c) => total + each * (row[c]! - mean[c]!), 0);
      return sum + along ** 2 / variance;
    }, 0),
  );
}

async function untrained({ train, test }: Split<Rows>, { scoring, ...model }: Autoencoder) {
  const weights = initialWeights([rowScore(model, input('rows', ['N', train.width]))]);
  const judged = { ...model, ...(scoring && { scoring: await fitJoint(model, train, weights) }) };
  const { data } = await computeRows(test, (rows) => unsqueeze(rowScore(judged, rows), [1]), weights);
  return data;
}

function scoreRows({ data, rowCount, width }: Matrix, of: (row: Float32Array) => number): Float64Array {
  return Float64Array.from({ length: rowCount }, (_, row) =>
    of(data.subarray(row * width, (row + 1) * width)),
  );
}
