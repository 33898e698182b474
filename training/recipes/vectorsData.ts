/** What recipes of embeddings share. */
import { InputError } from '../../shared/errors.ts';
import { readVectors } from '../data/vectors.ts';

/**
 * Returns the function that reads the vectors of a recipe.
 * @throws {InputError} by the function, if it is given no location.
 */
export function vectorsFor(recipe: string) {
  return async (location: string | undefined) => {
    if (location === undefined) {
      throw new InputError(
        `recipe ${recipe} needs vectors: --data vectors.npy, or a table with a column of lists, vectors.parquet`,
      );
    }
    return readVectors(location);
  };
}

/** Returns the number of epochs of about so many steps; at least two. */
export function epochsOf(steps: number, rowCount: number, batchSize: number): number {
  return Math.max(2, Math.round(steps / Math.ceil(rowCount / batchSize)));
}
