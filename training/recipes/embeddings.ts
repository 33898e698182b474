import { InputError } from '../../shared/errors.ts';
import { readVectors } from '../data/vectors.ts';
import type { Recipe } from './recipe.ts';

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
  settingsFor: ({ rows }) => ({
    epochs: Math.max(2, Math.round(STEPS / Math.ceil(rows.rowCount / BATCH))),
  }),
  needsData: true,
  data: async (location) => {
    if (location === undefined) {
      throw new InputError(
        'recipe embeddings needs vectors: --data vectors.npy, or a table with a column of lists, vectors.parquet',
      );
    }
    return readVectors(location);
  },
};
