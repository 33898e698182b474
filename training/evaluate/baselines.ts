/** What a model has to be better than to be worth it, on the same rows. */
import type { Rows } from '../../shared/tensor.ts';
import type { AnyRows } from '../data/dataset.ts';
import { toOnnx, type Weights } from '../graph/onnx.ts';
import { variablesOf } from '../graph/traverse.ts';
import type { Value } from '../graph/types.ts';
import { input } from '../graph/value.ts';
import { errorsOf, targetOf } from '../graphs.ts';
import type { Autoencoder } from '../models/model.ts';
import { fitPca, pcaReconstruct } from './pca.ts';
import { graphMetrics, popularityMetrics } from './rankers.ts';
import { meanError } from './reconstruction.ts';

export interface BaselineOptions {
  /** What popularity is counted in. */
  readonly train: AnyRows;
  readonly test: Rows;
  /** What `pcaGraph` gave. */
  readonly pca: Uint8Array | undefined;
  readonly seed: number;
}

/**
 * Metrics of every baseline, by name: `pca`, with as many components as the code is wide, and `untrained`, the same network
 * with the weights that it started from; for recommenders, which rank, `popularity` in place of PCA.
 */
export async function baselinesOf(
  model: Autoencoder,
  { train, test, pca, seed }: BaselineOptions,
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
  const reconstruct = (rows: Value) => model.decode(model.encode(rows), model.condition?.of(rows));
  const untrained = errorGraph('untrained', model, test.width, reconstruct);
  return {
    ...(pca && { pca: { mse: await meanError(pca, test) } }),
    untrained: { mse: await meanError(untrained, test) },
  };
}

/**
 * PCA of the training rows as a graph from `rows` to `error`, as the autoencoder's. Undefined for models that reconstruct
 * something else than whole rows, or shares that add up to 1: PCA says nothing about them.
 */
export async function pcaGraph(model: Autoencoder, train: AnyRows): Promise<Uint8Array | undefined> {
  if (model.target !== undefined || model.heads?.recommend !== undefined) return undefined;
  const pca = await fitPca(train, model.codeSize, model.missing);
  return errorGraph('pca', model, train.width, (rows) => pcaReconstruct(pca, rows));
}

function errorGraph(
  name: string,
  model: Autoencoder,
  width: number,
  reconstruct: (rows: Value) => Value,
): Uint8Array {
  const rows = input('rows', ['N', width]);
  const { rowError: error } = errorsOf(reconstruct(rows), targetOf(model, rows), model);
  return toOnnx({ name, inputs: [rows], outputs: { error }, weights: initialWeights([error]) });
}

function initialWeights(outputs: readonly Value[]): Weights {
  return new Map(variablesOf(outputs).map(({ name, initial }) => [name, initial]));
}
