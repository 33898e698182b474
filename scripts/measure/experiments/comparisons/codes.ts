/** What keeps the codes of digits close to the prior, or makes them discrete: the findings of the publications. */
import { digits, digitsVae } from '../../../../training/recipes/digits.ts';
import type { AnyRecipe } from '../../../../training/recipes/recipe.ts';
import type { Comparison } from './comparison.ts';
import { overSeeds, type SeededModel } from './seeds.ts';

const SPREAD = 'the standard deviation over 3 seeds';
const EPOCHS = 10;
/** Weight of the divergence, and of its part that is total correlation. */
const BETA = 6;

const variational = (settings: object): SeededModel => ({
  recipe: digitsVae as AnyRecipe,
  settings: { ...digitsVae.settings, epochs: EPOCHS, ...settings },
});

const DIVERGENCES = {
  'VAE (`digits-vae`)': variational({}),
  [`beta-VAE (\`beta=${BETA}\`)`]: variational({ beta: BETA }),
  'the ELBO, total correlation measured (`divergence=beta-tc beta=1`)': variational({
    divergence: 'beta-tc',
  }),
  [`beta-TCVAE (\`divergence=beta-tc beta=${BETA}\`)`]: variational({ divergence: 'beta-tc', beta: BETA }),
  'WAE-MMD (`divergence=wae-mmd beta=10`)': variational({ divergence: 'wae-mmd', beta: 10 }),
};

export const codeDivergences: Comparison = {
  section: 'code-divergences',
  metrics: ['mse', 'elbo', 'total-correlation', 'mmd'],
  spread: SPREAD,
  measure: async (print) => {
    const contenders = await overSeeds(DIVERGENCES, codeDivergences.metrics, {}, print);
    const [vae, betaVae, elbo, tc, wae] = contenders.map(
      ({ figures }) =>
        (metric: string) =>
          figures[metric]!.mean,
    );
    return {
      contenders,
      checks: [
        {
          what: 'Chen et al. (2018): ELBO of beta-TCVAE, that of beta-VAE with the same weight',
          ...{ figure: tc!('elbo'), least: betaVae!('elbo') },
        },
        {
          what: 'Chen et al. (2018): total correlation that the weight removes',
          ...{ figure: elbo!('total-correlation') - tc!('total-correlation'), least: 0 },
        },
        {
          what: 'Tolstikhin et al. (2018): squared error of the VAE, that of WAE-MMD',
          ...{ figure: vae!('mse'), least: wae!('mse') },
        },
      ],
    };
  },
};

/** Levels of codebooks; each code of 8 parts has as many entries of 16. */
const LEVELS = [1, 2, 4] as const;

export const residualLevels: Comparison = {
  section: 'residual-levels',
  metrics: ['mse', 'codebook-perplexity'],
  spread: SPREAD,
  measure: async (print) => {
    const { batchSize = 64 } = digits.settings;
    const models = LEVELS.map((levels): [string, SeededModel] => [
      `${levels} ${levels === 1 ? 'level' : 'levels'}, ${32 * levels} bits (\`levels=${levels}\`)`,
      {
        recipe: digits as AnyRecipe,
        variant: 'vector-quantized',
        settings: {
          hidden: [128],
          codeSize: 32,
          embeddingSize: 4,
          codebookSize: 16,
          levels,
          batchSize,
          epochs: EPOCHS,
        },
      },
    ]);
    const contenders = await overSeeds(Object.fromEntries(models), residualLevels.metrics, {}, print);
    const [one, two, four] = contenders.map(({ figures }) => figures.mse!.mean);
    const checks = [
      { what: 'Lee et al. (2022): squared error of one level, that of two', figure: one!, least: two! },
      { what: 'Lee et al. (2022): squared error of two levels, that of four', figure: two!, least: four! },
    ];
    return { contenders, checks };
  },
};
