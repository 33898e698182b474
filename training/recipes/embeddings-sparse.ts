import type { Recipe } from './recipe.ts';
import { epochsOf, vectorsFor } from './vectorsData.ts';

/** Rows per step, and steps. */
const BATCH = 256;
const STEPS = 3000;
/** With fewer vectors, the bound learned from batches keeps half as many units again for vectors that are not in them. */
const ENOUGH_FOR_BATCHES = 10_000;
/** Wider vectors have twice the units, so that these are still more than the values of a vector. */
const WIDE = 1024;

export const embeddingsSparse: Recipe<'sparse'> = {
  name: 'embeddings-sparse',
  why: 'readable codes of embeddings, few units active, each for a topic: --data vectors.npy --texts texts.txt, or a table',
  variant: 'sparse',
  settings: {
    hidden: [], // a unit is then one direction of the embedding
    activeUnits: 32,
    batchSize: BATCH,
    learningRate: 0.001,
    schedule: 'cosine',
  },
  settingsFor: ({ rows }) => ({
    sparsity: rows.rowCount < ENOUGH_FOR_BATCHES ? 'topk' : 'batch-topk',
    codeSize: rows.width <= WIDE ? 1024 : 2048,
    epochs: epochsOf(STEPS, rows.rowCount, BATCH),
  }),
  needsData: true,
  data: vectorsFor('embeddings-sparse'),
};
