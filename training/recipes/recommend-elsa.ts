import { interactionsFor } from './interactionsData.ts';
import type { Recipe } from './recipe.ts';

/** Values of a batch of dense rows, users by items: about twenty arrays of them are in memory at a time. */
const BATCH_VALUES = 8_000_000;
const [SMALLEST_BATCH, LARGEST_BATCH] = [16, 128];

export const recommendElsa: Recipe<'elsa'> = {
  name: 'recommend-elsa',
  why: 'recommendations from up to 200,000 items: --data orders.csv, as recommend',
  variant: 'elsa',
  settings: { codeSize: 256, learningRate: 0.003, schedule: 'cosine', epochs: 20 },
  settingsFor: ({ rows }) => ({
    batchSize: Math.min(LARGEST_BATCH, Math.max(SMALLEST_BATCH, Math.floor(BATCH_VALUES / rows.width))),
  }),
  needsData: true,
  data: interactionsFor('recommend-elsa'),
};
