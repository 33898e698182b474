/** The comparison of a model with an answer that needs no model. */
import type { MetricValues } from '../metrics/metrics.ts';

export interface TrivialComparison {
  readonly metric: 'mse' | 'ndcg@100';
  readonly own: number;
  /** The same figure of the trivial answer, which `answer` names. */
  readonly trivial: number;
  readonly answer: 'predicting the mean' | 'popularity';
}

/**
 * Compares the error with that of predicting the mean of every column and, for recommenders, the ranking with that by
 * popularity. Undefined if neither was measured.
 */
export function trivialComparison(
  metrics: MetricValues,
  baselines: Readonly<Record<string, MetricValues>>,
): TrivialComparison | undefined {
  const [gain, popular] = [metrics['ndcg@100'], baselines.popularity?.['ndcg@100']];
  if (gain !== undefined && popular !== undefined)
    return { metric: 'ndcg@100', own: gain, trivial: popular, answer: 'popularity' };
  const [own, mean] = [metrics.mse, baselines.mean?.mse];
  if (own === undefined || mean === undefined) return undefined;
  return { metric: 'mse', own, trivial: mean, answer: 'predicting the mean' };
}
