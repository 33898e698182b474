import type { Gate } from './gate.ts';

/** Worth more than the linear model that needs no training. */
export const pca: Gate = {
  summary:
    'better than PCA with as many components, where the recipe says that it must be; the untrained network is shown',
  judge: ({ challenger, prepared }) => {
    const own = challenger.metrics.mse;
    const { pca: linear, untrained } = challenger.baselines;
    if (own === undefined || linear?.mse === undefined) return undefined;
    const must = prepared.recipe.betterThanPca === true;
    return {
      passed: !must || own < linear.mse,
      figures: `mse ${own.toPrecision(4)}, PCA ${linear.mse.toPrecision(4)}, untrained ${untrained?.mse?.toPrecision(4) ?? 'none'}${must ? '' : ' (shown)'}`,
    };
  },
};
