/** What a model has to be better than to be worth it, on the same rows. */
import type { Rows } from '../../shared/tensor.ts';
import type { AnyRows } from '../data/dataset.ts';
import { toOnnx, type Weights } from '../graph/onnx.ts';
import { reduceMean } from '../graph/ops/mean.ts';
import { variablesOf } from '../graph/traverse.ts';
import type { Value } from '../graph/types.ts';
import { input } from '../graph/value.ts';
import { errorsOf, targetOf } from '../graphs.ts';
import type { Autoencoder } from '../models/model.ts';
import { fitPca, pcaReconstruct } from './pca.ts';
import { graphMetrics, popularityMetrics } from './rankers.ts';
import { meansOver } from './reconstruction.ts';

export interface BaselineRows {
  /** What PCA and popularity are learnt from. */
  readonly train: AnyRows;
  readonly test: Rows;
}

/**
 * Metrics of every baseline, by name: `untrained`, the same network with the weights that it started from, and `pca`, with
 * as many components as the code is wide; for recommenders, which rank, `popularity` in place of PCA.
 */
export async function baselinesOf(
  model: Autoencoder,
  { train, test }: BaselineRows,
  seed: number,
): Promise<Record<string, Record<string, number>>> {
  const recommend = model.heads?.recommend;
  if (recommend !== undefined) {
    const { inputs, outputs } = recommend;
    const weights = initialWeights(Object.values(outputs));
    const untrained = toOnnx({ name: 'untrained', inputs, outputs, weights });
    return {
      popularity: await popularityMetrics(train, test, seed),
      untrained: await graphMetrics(untrained, test, seed),
    };
  }
  // PCA reconstructs whole rows: against a model that reconstructs a part of them it says nothing.
  const pca = model.target === undefined ? { pca: { mse: await pcaError(model, { train, test }) } } : {};
  return { ...pca, untrained: { mse: await untrainedError(model, test) } };
}

async function pcaError(model: Autoencoder, { train, test }: BaselineRows): Promise<number> {
  const pca = await fitPca(train, model.codeSize, model.missing);
  return meanError(model, test, (rows) => pcaReconstruct(pca, rows));
}

function untrainedError(model: Autoencoder, test: Rows): Promise<number> {
  return meanError(model, test, (rows) => model.decode(model.encode(rows), model.condition?.of(rows)));
}

async function meanError(
  model: Autoencoder,
  test: Rows,
  reconstruct: (rows: Value) => Value,
): Promise<number> {
  const rows = input('rows', ['N', test.width]);
  const error = reduceMean(errorsOf(reconstruct(rows), targetOf(model, rows), model).rowError);
  return (await meansOver(test, rows, { error }, { weights: initialWeights([error]) })).error![0]!;
}

function initialWeights(outputs: readonly Value[]): Weights {
  return new Map(variablesOf(outputs).map(({ name, initial }) => [name, initial]));
}
