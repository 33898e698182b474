/** The numbers that matter: how good the model is, whether it is worth it, whether it knows its data, what its size costs. */
import type { Manifest } from '../../shared/manifest.ts';
import type { Evaluation } from '../evaluate/evidence/evaluation.ts';
import { baselineName, count, figure, metricName, percent, smallPercent, worsening } from './format.ts';

export interface KeyFigure {
  readonly name: string;
  readonly value: string;
  /** What it says, in a sentence. */
  readonly meaning: string;
}

export function keyFigures(manifest: Manifest, { specificity }: Evaluation): readonly KeyFigure[] {
  const figures = specificity === null ? rankingFigures(manifest) : errorFigures(manifest, specificity);
  return [...detectionFigures(manifest), ...figures, ...weightFigures(manifest)];
}

/** None where labels tell no anomalies. */
function detectionFigures({ metrics, data }: Manifest): readonly KeyFigure[] {
  const { 'roc-auc': area, 'average-precision': precision } = metrics;
  if (area === undefined || precision === undefined) return [];
  return [
    {
      name: 'anomalies told apart',
      value: percent(area),
      meaning: `chance that an anomaly has a higher score than another of ${count(data.rows.test)} test rows; the average precision is ${percent(precision)}`,
    },
  ];
}

/** None where weights are float32. */
function weightFigures({ weights }: Manifest): readonly KeyFigure[] {
  if (weights === undefined) return [];
  const { type, metric, float32, stored, relativeChange, tolerance } = weights;
  return [
    {
      name: `weights as ${type}`,
      value: worsening(relativeChange),
      meaning: `${metricName(metric)} on the test rows of its training, ${figure(stored)}, than with float32 weights, ${figure(float32)}; ${smallPercent(tolerance)} are allowed`,
    },
  ];
}

function errorFigures(
  { metrics, baselines, codeSize, data, features }: Manifest,
  { shuffled, noise }: NonNullable<Evaluation['specificity']>,
): readonly KeyFigure[] {
  // PCA is what an autoencoder has to beat; where it does not apply, the network before training. With as many components as
  // there are columns, PCA is no more than a copy.
  const { pca, untrained } = baselines;
  const baseline = pca === undefined || pca.mse! < 1e-6 * untrained!.mse! ? 'untrained' : 'pca';
  const against = baselineName(baseline, codeSize);
  const { mse } = metrics;
  const other = baselines[baseline]!.mse!;
  const isBetter = mse! <= other;
  const value = features.columns === undefined ? 'value' : 'scaled value';
  return [
    {
      name: 'error on test rows',
      value: figure(mse!),
      meaning: `mean squared error per ${value}, over ${count(data.rows.test)} rows that training did not see`,
    },
    {
      name: baseline === 'pca' ? 'against PCA' : 'against no training',
      value: isBetter ? `${percent(1 - mse! / other)} less` : `${figure(mse! / other)} times`,
      meaning: isBetter
        ? `error than ${against}, whose error is ${figure(other)}`
        : `the error of ${against}, which is ${figure(other)}`,
    },
    {
      name: 'specificity',
      value: percent(shuffled.auroc),
      meaning: `chance that a row with shuffled columns has a larger error than a test row; ${percent(noise.auroc)} for noise, 50 % would be blind`,
    },
  ];
}

function rankingFigures({ metrics, baselines, data }: Manifest): readonly KeyFigure[] {
  const own = metrics['ndcg@100'] ?? 0;
  const popular = baselines.popularity?.['ndcg@100'] ?? 0;
  return [
    {
      name: 'NDCG@100',
      value: percent(own),
      meaning: `of the gain of a perfect ranking, over ${count(data.rows.test)} users that training did not see`,
    },
    {
      name: 'against popularity',
      value: popular > 0 ? `${figure(Number((own / popular).toPrecision(3)))} times` : '–',
      meaning: `the gain of showing everyone what most have, which is ${percent(popular)}`,
    },
    {
      name: 'recall@20',
      value: percent(metrics['recall@20'] ?? 0),
      meaning: `of the items that were held out are among the first 20; ${percent(baselines.popularity?.['recall@20'] ?? 0)} by popularity`,
    },
  ];
}
