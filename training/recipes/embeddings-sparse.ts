import { InputError } from '../../shared/errors.ts';
import { readVectors } from '../data/vectors.ts';
import type { Recipe } from './recipe.ts';

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
  settingsFor: ({ rows }) => ({
    epochs: Math.max(2, Math.round(STEPS / Math.ceil(rows.rowCount / BATCH))),
  }),
  needsData: true,
  data: async (location) => {
    if (location === undefined) {
      throw new InputError(
        'recipe embeddings-sparse needs vectors: --data vectors.npy, or a table with a column of lists, vectors.parquet',
      );
    }
    return readVectors(location);
  },
};
