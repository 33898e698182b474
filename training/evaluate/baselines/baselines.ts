/** Baselines that a model must beat to be worth its cost, measured on the same rows. */
import type { Rows } from '../../../shared/tensor.ts';
import type { AnyRows } from '../../data/batches.ts';
import { fitPca, type Pca, pcaReconstruct } from '../../estimators/pca.ts';
import { toOnnx } from '../../graph/onnx.ts';
import { variablesOf } from '../../graph/traverse.ts';
import type { Value, Weights } from '../../graph/types.ts';
import { float32s, input } from '../../graph/value.ts';
import { errorsOf, targetOf } from '../../models/errors.ts';
import type { Autoencoder } from '../../models/model.ts';
import type { ItemShares } from '../metrics/exposure.ts';
import { graphMetrics } from '../metrics/graphRanking.ts';
import { meanError } from '../metrics/reconstruction.ts';
import { columnMeans } from './columnMeans.ts';
import { forecasterMetrics } from './forecasters.ts';
import { rankerMetrics } from './rankers.ts';

export interface BaselineOptions {
  /** Rows that rankers, forecasters and means are fitted to. */
  readonly train: AnyRows;
  readonly test: Rows;
  /** The graph of `pcaGraph`; undefined if PCA is no baseline for this model. */
  readonly pca: Uint8Array | undefined;
  /** Values per step, for rows that are windows of several channels; 1 by default. */
  readonly channels?: number | undefined;
  /** Mean of each feature over the training rows: for recommenders, the share of the users who had the item. */
  readonly shares: ItemShares;
  readonly seed: number;
}

/**
 * Metrics of each baseline on the test rows, by name: `pca`, with as many components as the code holds
 * values, `mean`, which predicts the mean of every column, and `untrained`, the same network with its initial
 * weights. Recommenders are compared with other rankers instead of PCA and means, forecasts also with other
 * forecasters.
 */
export async function baselinesOf(
  model: Autoencoder,
  { train, test, pca, channels = 1, shares, seed }: BaselineOptions,
): Promise<Record<string, Record<string, number>>> {
  const recommend = model.heads?.recommend;
  if (recommend !== undefined) {
    const { inputs, outputs } = recommend;
    const weights = initialWeights(Object.values(outputs));
    const untrained = toOnnx({ name: 'untrained', inputs, outputs, weights });
    return {
      ...(await rankerMetrics(train, test, { seed, shares })),
      untrained: await graphMetrics(untrained, test, { seed, shares }),
    };
  }
  const forecasters =
    model.heads?.forecast === undefined ? {} : await forecasterMetrics(model, channels, train, test);
  const reconstruct = (rows: Value) => model.decode(model.encode(rows), model.condition?.of(rows));
  const untrained = errorGraph('untrained', model, test.width, reconstruct);
  const means = float32s(await columnMeans(model, train));
  const mean = errorGraph('mean', model, test.width, () => means);
  return {
    ...(pca && { pca: { mse: await meanError(pca, test) } }),
    ...forecasters,
    mean: { mse: await meanError(mean, test) },
    untrained: { mse: await meanError(untrained, test) },
  };
}

/**
 * PCA of the training rows with as many components as a code holds values: those of its dimensions, or of its active
 * units if only few are. Undefined for models that
 * reconstruct only a part of each row, and for recommenders, whose outputs are shares that add up to 1: PCA
 * is no match for either.
 */
export async function pcaFor(model: Autoencoder, train: AnyRows): Promise<Pca | undefined> {
  if (model.target !== undefined || model.heads?.recommend !== undefined) return undefined;
  return fitPca(train, model.pcaComponents ?? model.codeSize, model.missing);
}

/**
 * ONNX graph from `rows [N, width]` to `error [N]`: the error of PCA, computed like that of the autoencoder.
 */
export function pcaGraph(pca: Pca, model: Autoencoder, width: number): Uint8Array {
  return errorGraph('pca', model, width, (rows) => pcaReconstruct(pca, rows));
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

/** Initial weights of all variables that the outputs depend on. */
export function initialWeights(outputs: readonly Value[]): Weights {
  return new Map(variablesOf(outputs).map(({ name, initial }) => [name, initial]));
}
