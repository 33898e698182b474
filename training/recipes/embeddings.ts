import type { Recipe } from './recipe.ts';
import { epochsOf, vectorsFor } from './vectorsData.ts';

/** Rows per step: the more, the more of the neighbours of a row are in its batch. */
const BATCH = 1024;
const STEPS = 500;

export const embeddings: Recipe<'similarity-preserving'> = {
  name: 'embeddings',
  why: 'fewer dimensions for a vector store: --data vectors.npy, or a table with a column of lists',
  variant: 'similarity-preserving',
  settings: {
    codeSize: 64,
    batchSize: BATCH,
    learningRate: 0.003,
    schedule: 'cosine',
  },
  settingsFor: ({ rows }) => ({ epochs: epochsOf(STEPS, rows.rowCount, BATCH) }),
  needsData: true,
  data: vectorsFor('embeddings'),
};
