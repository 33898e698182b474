/**
 * Autoencoders of normal heartbeats, compared by how well they detect abnormal ones; and forecasts of normal
 * ones.
 */

import { ecg as recipe } from '../../../../training/recipes/ecg.ts';
import { ecgForecast } from '../../../../training/recipes/ecg-forecast.ts';
import type { AnyRecipe } from '../../../../training/recipes/recipe.ts';
import type { Comparison } from './comparison.ts';
import { overSeeds, type SeededModel } from './seeds.ts';

const METRICS = ['alarm-accuracy', 'alarm-precision', 'alarm-recall', 'roc-auc'];

const { codeSize = 8, batchSize = 16, epochs = 60 } = recipe.settings;
const shared = { codeSize, batchSize, epochs };

const MODELS: Readonly<Record<string, SeededModel>> = {
  'dense, 140-64-8 (`ecg`)': { recipe },
  'convolutional, 16 and 8 channels': {
    recipe,
    variant: 'convolutional',
    rowShape: [140, 1], // an image of 140 x 1 pixels
    settings: { ...shared, filters: [16, 8], kernel: 7 },
  },
  'LSTM, 32 units': { recipe, variant: 'sequence', settings: { ...shared, units: 32, learningRate: 0.005 } },
};

export const ecg: Comparison = {
  section: 'ecg',
  metrics: METRICS,
  spread: 'the standard deviation over 3 seeds',
  measure: async (print) => {
    const contenders = await overSeeds(MODELS, METRICS, { pca: 'PCA' }, print);
    const own = contenders[0]!.figures;
    return {
      contenders,
      checks: ['alarm-accuracy', 'alarm-recall'].map((metric) => {
        return { what: `dense, ${metric}`, figure: own[metric]!.mean, least: 0.95 };
      }),
    };
  },
};

export const ecgForecasts: Comparison = {
  section: 'ecg-forecast',
  metrics: ['mse'],
  spread: 'the standard deviation over 3 seeds',
  measure: async (print) => {
    const runs = { 'LSTM (`ecg-forecast`)': { recipe: ecgForecast as AnyRecipe } };
    const baselines = { persistence: 'persistence', linear: 'linear (ridge regression)' };
    const contenders = await overSeeds(runs, ['mse'], baselines, print);
    return { contenders, checks: [] };
  },
};
