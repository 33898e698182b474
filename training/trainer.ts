/** The training loop, the same for every model and every engine. */
import { permutation, random } from '../shared/random.ts';
import type { Matrix } from '../shared/tensor.ts';
import { batches, takeRows } from './data/dataset.ts';
import type { Losses, TrainingSession } from './engines/engine.ts';
import type { Weights } from './graph/onnx.ts';

export interface Epoch {
  /** Counts from 1. */
  readonly epoch: number;
  /** Means over the epoch's batches, each taken before its update. */
  readonly train: Losses;
  readonly validation: Losses;
}

export interface FitOptions {
  readonly train: Matrix;
  readonly validation: Matrix;
  readonly epochs: number;
  readonly batchSize: number;
  /** Seed of the shuffling; every epoch has its own order. */
  readonly seed: number;
  /** When aborted, training stops before the next batch and keeps the best weights so far. */
  readonly signal?: AbortSignal;
  readonly onEpoch?: (epoch: Epoch) => void;
  /** Called after every batch with the share of the epoch that is done, in (0, 1]. */
  readonly onProgress?: (epoch: number, share: number) => void;
}

export interface Fit {
  readonly history: readonly Epoch[];
  /** The weights of the epoch with the lowest validation loss. */
  readonly weights: Weights;
  /** That epoch, from 1; 0 when training was interrupted before the first epoch ended. */
  readonly bestEpoch: number;
  readonly interrupted: boolean;
}

/** Losses are reported; a loss that is not finite cannot be trained on. */
export class DivergedError extends Error {
  override readonly name = 'DivergedError';
}

/**
 * Minibatch training with a fresh shuffle every epoch.
 * @throws {DivergedError} when a loss is NaN or infinite, naming the epoch and the step.
 */
export async function fit(session: TrainingSession, options: FitOptions): Promise<Fit> {
  const { train, validation, epochs, batchSize, seed, signal } = options;
  const shuffles = random(seed, 'shuffle');
  const buffer = new Float32Array(batchSize * train.width);
  const history: Epoch[] = [];
  let weights = await session.weights();
  let bestEpoch = 0;
  let bestLoss = Number.POSITIVE_INFINITY;

  for (let epoch = 1; epoch <= epochs; epoch++) {
    const order = permutation(train.rowCount, shuffles);
    const stepsPerEpoch = Math.ceil(order.length / batchSize);
    const mean = meanLosses();
    for (let start = 0; start < order.length; start += batchSize) {
      if (signal?.aborted) return { history, weights, bestEpoch, interrupted: true };
      const batch = takeRows(train, order.subarray(start, start + batchSize), buffer);
      const index = start / batchSize;
      const step = (epoch - 1) * stepsPerEpoch + index;
      const losses = await session.train(batch, { step, stepsPerEpoch, epochs });
      if (!Number.isFinite(losses.loss)) throw diverged(epoch, 1 + index, losses.loss);
      mean.add(losses, batch.rowCount);
      options.onProgress?.(epoch, (index + 1) / stepsPerEpoch);
    }
    const result = { epoch, train: mean.value(), validation: await evaluate(session, validation, batchSize) };
    history.push(result);
    options.onEpoch?.(result);
    if (result.validation.loss < bestLoss) {
      bestLoss = result.validation.loss;
      bestEpoch = epoch;
      weights = await session.weights();
    }
  }
  return { history, weights, bestEpoch, interrupted: false };
}

/** Losses over many rows, as the mean of its batches weighted by their rows. */
export async function evaluate(session: TrainingSession, rows: Matrix, batchSize: number): Promise<Losses> {
  const mean = meanLosses();
  let index = 0;
  for (const batch of batches(rows, batchSize))
    mean.add(await session.evaluate(batch, index++), batch.rowCount);
  return mean.value();
}

function meanLosses() {
  let rows = 0;
  const sum = { loss: 0, reconstructionLoss: 0, regularisationLoss: 0 };
  return {
    add(losses: Losses, count: number): void {
      rows += count;
      sum.loss += losses.loss * count;
      sum.reconstructionLoss += losses.reconstructionLoss * count;
      sum.regularisationLoss += losses.regularisationLoss * count;
    },
    value(): Losses {
      return {
        loss: sum.loss / rows,
        reconstructionLoss: sum.reconstructionLoss / rows,
        regularisationLoss: sum.regularisationLoss / rows,
      };
    },
  };
}

function diverged(epoch: number, step: number, loss: number): DivergedError {
  return new DivergedError(
    `the loss became ${loss} in epoch ${epoch}, step ${step}: expected a finite number; lower the learning rate, or look for extreme values in the data`,
  );
}
