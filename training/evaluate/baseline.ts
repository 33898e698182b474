/** PCA with a code of the same size: what a model must be better than. */
import type { Rows } from '../../shared/tensor.ts';
import type { Split } from '../data/dataset.ts';
import { reduceMean } from '../graph/ops/mean.ts';
import { input } from '../graph/value.ts';
import { errorsOf } from '../graphs.ts';
import type { Autoencoder } from '../models/model.ts';
import { fitPca, type Pca, pcaReconstruct } from './pca.ts';
import { meansOver } from './reconstruction.ts';

/**
 * Fitted to the training rows. None against a model that reconstructs a part of them, or shares that add up to 1: PCA
 * reconstructs whole rows.
 */
export async function pcaFor(model: Autoencoder, { train }: Split<Rows>): Promise<Pca | undefined> {
  if (model.target !== undefined || model.heads?.recommend !== undefined) return undefined;
  return fitPca(train, model.codeSize, model.missing);
}

/** Mean squared error, of the values that are not missing. */
export async function pcaError(pca: Pca, test: Rows, model: Autoencoder): Promise<number> {
  const rows = input('rows', ['N', test.width]);
  const error = reduceMean(errorsOf(pcaReconstruct(pca, rows), rows, model).rowError);
  return (await meansOver(test, rows, { error })).error![0]!;
}
