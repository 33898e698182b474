import { percent } from '../../../training/report/format.ts';
import { type ModelGate, TRAINING } from './gate.ts';

/** Refuses a model that knows no more than the averages, for first versions, too. */
export const mean: ModelGate = {
  summary:
    'explains at least this share of the variance of the test rows, of which predicting the mean explains none; recommenders rank better than popularity',
  limit: 0.05,
  ...TRAINING,
  judge: ({ challenger: { metrics, baselines }, comparison: { meanError } }, limit) => {
    const [gain, popular] = [metrics['ndcg@100'], baselines.popularity?.['ndcg@100']];
    if (gain !== undefined && popular !== undefined) {
      return {
        passed: gain > popular,
        figures: `ndcg@100 ${gain.toPrecision(4)}, by popularity ${popular.toPrecision(4)}`,
        figure: gain,
        threshold: popular,
      };
    }
    if (metrics.mse === undefined || meanError === undefined) return undefined;
    const explained = 1 - metrics.mse / meanError;
    return {
      passed: explained >= limit,
      figures: `explains ${percent(explained)} of the variance, at least ${percent(limit)}`,
      figure: explained,
      threshold: limit,
    };
  },
};
