/** Formats numbers and names for reports. */
import type { Manifest } from '../../shared/manifest.ts';
import type { Parity } from '../../shared/measured.ts';
import { MEMBERS } from '../scoring/registry.ts';
import { ROW_SCORES, type RowScore } from '../scoring/rowScores.ts';

/** Four significant digits, or a dash for null. */
export function figure(value: number | null): string {
  if (value === null) return '–';
  if (value === 0) return '0';
  return Math.abs(value) < 1e-4 || Math.abs(value) >= 1e6
    ? value.toExponential(2)
    : String(Number(value.toPrecision(4)));
}

/** `60,000` */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** `97.3 %`, for a share in [0, 1]. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** `99.82 %`, with more decimals where a share below 1 would read 100 %. */
export function finePercent(share: number): string {
  const digits = [2, 3, 4, 5].find((each) => share === 1 || Number((100 * share).toFixed(each)) !== 100) ?? 6;
  return `${(100 * share).toFixed(digits)} %`;
}

/** `0.38 %`, for a share that may be small: two significant digits. */
export function smallPercent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}

/** `3.1e-7 of the largest value, on 1,000 rows`: the absolute difference of large values looks like a failure. */
export function parityText({ maxScaledDifference, rows }: Parity): string {
  return `${maxScaledDifference.toExponential(1)} of the largest value, on ${count(rows)} rows`;
}

/** `0.38 % worse`, or `better` for a negative change. */
export function worsening(relativeChange: number): string {
  return `${smallPercent(Math.abs(relativeChange))} ${relativeChange < 0 ? 'better' : 'worse'}`;
}

/** Bytes of a vector of so many dimensions; as int8, with its scale as float32. */
export const VECTOR_BYTES = {
  float32: (dimensions: number) => 4 * dimensions,
  int8: (dimensions: number) => 4 + dimensions,
} as const;

/** Display name of a baseline in the manifest. */
export function baselineName(name: string, sizes: CodeSizes): string {
  return BASELINES[name]?.(sizes) ?? name;
}

/** What the names of baselines tell about a model. */
export type CodeSizes = Pick<Manifest, 'codeSize' | 'pcaComponents'>;

const BASELINES: Readonly<Record<string, (sizes: CodeSizes) => string>> = {
  pca: ({ codeSize, pcaComponents }) => `PCA, ${pcaComponents ?? codeSize} components`,
  svd: ({ codeSize }) => `SVD, ${codeSize} components`,
  truncation: ({ codeSize }) => `the first ${codeSize} values`,
  'random-projection': () => 'random projection',
  mean: () => 'predicting the mean',
  untrained: () => 'the untrained network',
  'pca-half': () => 'PCA, half the columns',
  mahalanobis: () => 'Mahalanobis distance',
  distance: () => 'distance from the mean',
  'isolation-forest': () => 'isolation forest',
  knn: () => 'kNN, 5th nearest row',
  ...Object.fromEntries(Object.keys(MEMBERS).map((name) => [name, () => `part: ${name}`])),
  'item-knn': () => 'item-kNN',
  ease: () => 'EASE',
  linear: () => 'linear regression',
  'all-columns': () => 'all columns',
  'majority-class': () => 'class frequencies',
};

/** The score that a model judges rows by, to continue "the score of a row is". */
export function scoreText({ anomalyScore, recipe: { config } }: Manifest): string {
  // Before there was a setting for it, every score was the joint one.
  const rowScore = anomalyScore === undefined ? 'error' : ((config.rowScore ?? 'joint') as RowScore);
  return ROW_SCORES[rowScore].summary;
}

/** Display name of a metric in the manifest. */
export function metricName(name: string): string {
  return METRICS[name] ?? name;
}

const METRICS: Readonly<Record<string, string>> = {
  mse: 'mean squared error',
  'roc-auc': 'ROC AUC',
  'average-precision': 'average precision',
  'precision-at-n': 'precision@n',
  'alarm-accuracy': 'accuracy of alarms',
  'alarm-precision': 'precision of alarms',
  'alarm-recall': 'recall of alarms',
  'logistic-accuracy': 'accuracy, logistic regression',
  'logistic-log-loss': 'log loss, logistic regression',
  'logistic-roc-auc': 'ROC AUC, logistic regression',
  'mean-activation': 'mean activation',
  'share-active': 'share of values other than 0',
  l0: 'L0, active units per row',
  'share-dead': 'share of units without a test row',
  'explained-variance': 'explained variance',
  'coverage@20': 'coverage@20, share of the catalogue',
  'novelty@20': 'novelty@20, bits',
  'ridge-mae': 'mean absolute error, ridge',
  'svr-mae': 'mean absolute error, SVR',
};
