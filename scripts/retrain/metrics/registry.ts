/**
 * Metrics that two versions are compared by: one figure per held-out row, so that differences can be paired.
 */

import { aucDrop } from './aucDrop.ts';
import { type MetricDrop, pairedDrop } from './bootstrap.ts';
import type { ComparedVersion, HeldOut } from './heldOut.ts';

export interface Metric {
  readonly summary: string;
  readonly better: 'lower' | 'higher';
  /** Unit of a drop: a share of the champion's figure, or the unit of the metric. */
  readonly drop: 'relative' | 'absolute';
  /** Default tolerance for a drop, which `--gate` overrides. */
  readonly limit: number;
  /** Confidence of the interval of a drop, in (0, 1). */
  readonly confidence: number;
  /** Returns one figure per row; undefined if the metric does not apply to the version. */
  readonly ofRows: (version: ComparedVersion, heldOut: HeldOut) => Promise<ArrayLike<number> | undefined>;
  /** Compares the figures of two versions. Default: their means, by a paired bootstrap. */
  readonly compare?: (
    champion: ArrayLike<number>,
    challenger: ArrayLike<number>,
    heldOut: HeldOut,
  ) => MetricDrop;
}

/** For means of bounded figures, and areas under the ROC curve: those of samples are close to normal. */
const OF_BOUNDED = 0.95;
/**
 * For means of errors, which may have a long tail: a few rows then decide the mean, a sample of some hundred has too
 * few of them, and an interval that is meant to miss the truth once in 20 times misses it far more often.
 */
const OF_ERRORS = 0.99;

type OfRows = Metric['ofRows'];

/** Loaded once a version is measured: flags and gates need only names and limits, before anything else. */
const OF_ROWS = {
  anomalyScores: async (...of) => (await import('./detection.ts')).anomalyScores(...of),
  keptNeighbours: async (...of) => (await import('./neighbours.ts')).keptNeighbours(...of),
  squaredErrors: async (...of) => (await import('./reconstruction.ts')).squaredErrors(...of),
  hits: async (...of) => (await import('./prediction.ts')).hits(...of),
  misses: async (...of) => (await import('./prediction.ts')).misses(...of),
  gains: async (...of) => (await import('./ranking.ts')).gains(...of),
} as const satisfies Record<string, OfRows>;

export const METRICS = {
  'roc-auc': {
    ...{ better: 'higher', drop: 'absolute', limit: 0.02, confidence: OF_BOUNDED },
    ...{ ofRows: OF_ROWS.anomalyScores, compare: aucDrop },
    summary: 'area under the ROC curve of the scores, where labels mark anomalies; decides in place of mse',
  },
  'recall@10': {
    ...{
      better: 'higher',
      drop: 'absolute',
      limit: 0.02,
      confidence: OF_BOUNDED,
      ofRows: OF_ROWS.keptNeighbours,
    },
    summary: 'share of the ten nearest rows that codes for a vector store keep; decides in place of mse',
  },
  mse: {
    ...{
      better: 'lower',
      drop: 'relative',
      limit: 0.05,
      confidence: OF_ERRORS,
      ofRows: OF_ROWS.squaredErrors,
    },
    summary: 'mean squared error of the reconstruction',
  },
  accuracy: {
    ...{ better: 'higher', drop: 'absolute', limit: 0.02, confidence: OF_BOUNDED, ofRows: OF_ROWS.hits },
    summary: 'share of correctly predicted classes',
  },
  'ndcg@100': {
    ...{ better: 'higher', drop: 'absolute', limit: 0.01, confidence: OF_BOUNDED, ofRows: OF_ROWS.gains },
    summary: "NDCG of the first 100 recommendations, against each user's held-out items",
  },
  mae: {
    ...{ better: 'lower', drop: 'relative', limit: 0.05, confidence: OF_ERRORS, ofRows: OF_ROWS.misses },
    summary: 'mean absolute error of predicted numbers',
  },
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof METRICS;
export const METRIC_NAMES = Object.keys(METRICS) as MetricName[];

/** Compares two versions by one metric; undefined if it does not apply to both. */
export async function dropOf(
  metric: Metric,
  champion: ComparedVersion,
  challenger: ComparedVersion,
  heldOut: HeldOut,
  seed: number,
): Promise<MetricDrop | undefined> {
  const [old, now] = [await metric.ofRows(champion, heldOut), await metric.ofRows(challenger, heldOut)];
  if (old?.length === undefined || old.length === 0 || old.length !== now?.length) return undefined;
  return metric.compare?.(old, now, heldOut) ?? pairedDrop(old, now, { ...metric, seed });
}
