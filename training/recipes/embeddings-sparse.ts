import type { Recipe } from './recipe.ts';
import { epochsOf, vectorsFor } from './vectorsData.ts';

/** Rows per step, and steps. */
const BATCH = 256;
const STEPS = 3000;

export const embeddingsSparse: Recipe<'sparse'> = {
  name: 'embeddings-sparse',
  why: 'readable codes of embeddings, few units active, each for a topic: --data vectors.npy --texts texts.txt, or a table',
  variant: 'sparse',
  settings: {
    sparsity: 'batch-topk',
    hidden: [], // a unit is then one direction of the embedding
    codeSize: 1024,
    activeUnits: 32,
    batchSize: BATCH,
    learningRate: 0.001,
    schedule: 'cosine',
  },
  settingsFor: ({ rows }) => ({ epochs: epochsOf(STEPS, rows.rowCount, BATCH) }),
  needsData: true,
  data: vectorsFor('embeddings-sparse'),
};
