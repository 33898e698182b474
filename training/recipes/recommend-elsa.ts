import { interactionsFor } from './interactionsData.ts';
import type { Recipe } from './recipe.ts';

/** More items have half the code: training, and a Worker, would need more memory than there is. */
const MANY_ITEMS = 100_000;
/** Values of a batch of dense rows, users by items: about twenty arrays of them are in memory at a time. */
const BATCH_VALUES = 8_000_000;
const [SMALLEST_BATCH, LARGEST_BATCH] = [16, 128];

export const recommendElsa: Recipe<'elsa'> = {
  name: 'recommend-elsa',
  why: 'recommendations from up to 200,000 items: --data orders.csv, as recommend',
  variant: 'elsa',
  settings: { learningRate: 0.003, schedule: 'cosine', epochs: 20 },
  settingsFor: ({ rows }) => ({
    codeSize: rows.width > MANY_ITEMS ? 128 : 256,
    batchSize: Math.min(LARGEST_BATCH, Math.max(SMALLEST_BATCH, Math.floor(BATCH_VALUES / rows.width))),
  }),
  needsData: true,
  data: interactionsFor('recommend-elsa'),
};
