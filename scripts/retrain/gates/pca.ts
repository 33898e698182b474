import { percent } from '../../../training/report/format.ts';
import { type ModelGate, TRAINING } from './gate.ts';

/** Compares the challenger with PCA, a linear model that needs no training. */
export const pca: ModelGate = {
  summary:
    'explains at most this share of the variance less than PCA with as many components, and more if the recipe requires that',
  limit: 0.2,
  ...TRAINING,
  judge: ({ challenger, prepared }, limit) => {
    const { metrics, baselines } = challenger;
    const [own, linear, mean] = [metrics.mse, baselines.pca?.mse, baselines.mean?.mse];
    if (own === undefined || linear === undefined || mean === undefined) return undefined;
    const must = prepared.recipe.betterThanPca === true;
    const threshold = must ? 0 : limit;
    const figure = (own - linear) / mean;
    return {
      passed: must ? own < linear : figure <= limit,
      figures: `mse ${own.toPrecision(4)}, PCA ${linear.toPrecision(4)}: ${percent(figure)} of the variance less, limit ${percent(threshold)}`,
      figure,
      threshold,
    };
  },
};
