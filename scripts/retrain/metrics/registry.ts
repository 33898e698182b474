/** What two versions are compared by: a figure of every held-out row, so that differences can be paired. */
import type { StoredArtifact } from '../stored.ts';
import type { HeldOut } from './heldOut.ts';
import { hits, misses } from './prediction.ts';
import { gains } from './ranking.ts';
import { squaredErrors } from './reconstruction.ts';

export interface Metric {
  readonly summary: string;
  readonly better: 'lower' | 'higher';
  /** Whether a drop is a share of the champion's figure, or in the unit of the metric. */
  readonly drop: 'relative' | 'absolute';
  /** How much worse a challenger may be, where `--gate` does not say it. */
  readonly limit: number;
  /** Undefined where the version has no such answer. */
  readonly ofRows: (
    version: Pick<StoredArtifact, 'manifest' | 'graphs'>,
    heldOut: HeldOut,
  ) => Promise<ArrayLike<number> | undefined>;
}

export const METRICS = {
  mse: {
    ...{ better: 'lower', drop: 'relative', limit: 0.05, ofRows: squaredErrors },
    summary: 'mean squared error of the reconstruction',
  },
  accuracy: {
    ...{ better: 'higher', drop: 'absolute', limit: 0.02, ofRows: hits },
    summary: 'share of right predictions of a class',
  },
  'ndcg@100': {
    ...{ better: 'higher', drop: 'absolute', limit: 0.01, ofRows: gains },
    summary: "how well a user's held-out items are ranked",
  },
  mae: {
    ...{ better: 'lower', drop: 'relative', limit: 0.05, ofRows: misses },
    summary: 'mean absolute error of predicted numbers',
  },
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof METRICS;
export const METRIC_NAMES = Object.keys(METRICS) as MetricName[];
