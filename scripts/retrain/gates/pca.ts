import type { Gate } from './gate.ts';

/** Compares the challenger with PCA, a linear model that needs no training. */
export const pca: Gate = {
  summary:
    'a lower mse than PCA with as many components, if the recipe requires that; otherwise the figures are only shown',
  judge: ({ challenger, prepared }) => {
    const own = challenger.metrics.mse;
    const { pca: linear, untrained } = challenger.baselines;
    if (own === undefined || linear?.mse === undefined) return undefined;
    const must = prepared.recipe.betterThanPca === true;
    return {
      passed: !must || own < linear.mse,
      figures: `mse ${own.toPrecision(4)}, PCA ${linear.mse.toPrecision(4)}, untrained ${untrained?.mse?.toPrecision(4) ?? 'none'}${must ? '' : ' (not required)'}`,
    };
  },
};
