import { trivialComparison } from '../../../training/evaluate/baselines/trivial.ts';
import { percent } from '../../../training/report/format.ts';
import { type ModelGate, TRAINING } from './gate.ts';

/** Refuses a model that knows no more than the averages, for first versions, too. */
export const mean: ModelGate = {
  summary:
    'explains at least this share of the variance of the test rows, of which predicting the mean explains none; recommenders rank better than popularity',
  limit: 0.05,
  ...TRAINING,
  judge: ({ challenger: { metrics, baselines } }, limit) => {
    const compared = trivialComparison(metrics, baselines);
    if (compared === undefined) return undefined;
    const { own, trivial } = compared;
    if (compared.metric === 'ndcg@100') {
      return {
        passed: own > trivial,
        figures: `ndcg@100 ${own.toPrecision(4)}, by popularity ${trivial.toPrecision(4)}`,
        figure: own,
        threshold: trivial,
      };
    }
    const explained = 1 - own / trivial;
    return {
      passed: explained >= limit,
      figures: `explains ${percent(explained)} of the variance, at least ${percent(limit)}`,
      figure: explained,
      threshold: limit,
    };
  },
};
