/** The training loop, the same for every model and every engine. */
import { type AnyRows, batches } from '../data/batches.ts';
import { shuffledRows, type TrainingRows } from '../data/shuffledRows.ts';
import type { Losses, TrainingSession } from '../engines/engine.ts';
import type { Weights } from '../graph/types.ts';
import { type Divergence, divergedError } from './divergence.ts';

export interface Epoch {
  /** Counts from 1. */
  readonly epoch: number;
  /** Means over the epoch's batches, each taken before its update. */
  readonly train: Losses;
  readonly validation: Losses;
}

/** The state of a run after an epoch: everything needed to continue it. */
export interface Snapshot {
  readonly history: readonly Epoch[];
  /** The session's `state`. */
  readonly state: Weights;
  /** The epoch with the lowest validation loss so far, and its weights. */
  readonly best: { readonly epoch: number; readonly weights: Weights };
}

export interface FitOptions {
  readonly train: TrainingRows;
  readonly validation: AnyRows;
  readonly epochs: number;
  readonly batchSize: number;
  /** Seed of the shuffling; the order of an epoch depends only on the seed and the epoch. */
  readonly seed: number;
  /**
   * Ends training after this many consecutive epochs without a new lowest validation loss; null (the
   * default): never.
   */
  readonly patience?: number | null;
  /** Smallest decrease of the validation loss that resets `patience`; 0 by default. */
  readonly minDelta?: number;
  /** Snapshot to continue from; its state is restored into the session. */
  readonly from?: Snapshot | undefined;
  /** Saves snapshots at an interval and after the last epoch; training waits for each save. */
  readonly checkpoint?: Checkpointing | undefined;
  /** If aborted, training stops after the batches in progress and keeps the best weights so far. */
  readonly signal?: AbortSignal;
  readonly onEpoch?: (epoch: Epoch) => void;
  /** Called after each run of one or more batches, with the completed share of the epoch, in (0, 1]. */
  readonly onProgress?: (epoch: number, share: number) => void;
}

export interface Checkpointing {
  /** Epochs between two snapshots, at least 1. */
  readonly every: number;
  readonly save: (snapshot: Snapshot) => Promise<void>;
}

export interface Fit {
  readonly history: readonly Epoch[];
  /** The weights of the epoch with the lowest validation loss. */
  readonly weights: Weights;
  /** That epoch, counted from 1; 0 if training was interrupted before the end of the first epoch. */
  readonly bestEpoch: number;
  readonly interrupted: boolean;
  /** True if patience ended training before the last epoch. */
  readonly stoppedEarly: boolean;
}

/**
 * Trains on minibatches, shuffled anew every epoch.
 * @throws {DivergedError} if a loss is NaN or infinite, naming the epoch, the step and the largest gradient;
 * no snapshot of that epoch is saved.
 */
export async function fit(session: TrainingSession, options: FitOptions): Promise<Fit> {
  const { train, validation, epochs, batchSize, seed, from, checkpoint, signal } = options;
  const { patience = null, minDelta = 0 } = options;
  const rowsPerEpoch = rowsInBatches(train.rowCount, batchSize);
  const stepsPerEpoch = Math.ceil(rowsPerEpoch / batchSize);
  const atOnce = session.stepsAtOnce(batchSize);
  const wholeBatches = Math.floor(rowsPerEpoch / batchSize);
  if (from !== undefined) await session.restore(from.state);
  const history = [...(from?.history ?? [])];
  const validationLosses = history.map((each) => each.validation.loss);
  let best = from?.best ?? { epoch: 0, weights: await session.weights() };
  const goesOn = () =>
    history.length < epochs &&
    !(patience !== null && epochsWithoutGain(validationLosses, minDelta) >= patience);
  const result = (interrupted: boolean): Fit => {
    const stoppedEarly = !interrupted && history.length < epochs;
    return { history, weights: best.weights, bestEpoch: best.epoch, interrupted, stoppedEarly };
  };

  while (goesOn()) {
    const epoch = history.length + 1;
    const take = shuffledRows(train, { seed, epoch, most: batchSize * atOnce });
    const mean = meanLosses();
    let place: Omit<Divergence, 'what' | 'loss'> | undefined;
    for (let done = 0; done < stepsPerEpoch; ) {
      if (signal?.aborted) return result(true);
      // The last batch of an epoch may be smaller and runs on its own.
      const steps = Math.max(1, Math.min(atOnce, wholeBatches - done));
      const rows = await take(Math.min(steps * batchSize, rowsPerEpoch - done * batchSize));
      const progress = { step: (epoch - 1) * stepsPerEpoch + done, stepsPerEpoch, epochs, validationLosses };
      const losses = await session.train(rows, progress, steps);
      const taken = [...batches(rows, rows.rowCount / steps)].slice(0, losses.length);
      for (const [i, batch] of taken.entries()) {
        place = { epoch, step: ++done, batch, progress: { ...progress, step: progress.step + i } };
        await requireFiniteLoss(session, { what: 'the loss', loss: losses[i]!.loss, ...place });
        mean.add(losses[i]!, batch.rowCount);
      }
      options.onProgress?.(epoch, done / stepsPerEpoch);
    }
    const losses = {
      epoch,
      train: mean.value(),
      validation: await evaluateLosses(session, validation, batchSize),
    };
    const { loss } = losses.validation;
    await requireFiniteLoss(session, { what: 'the validation loss', loss, ...place! });
    const lowest = history[best.epoch - 1]?.validation.loss ?? Number.POSITIVE_INFINITY;
    if (loss < lowest) best = { epoch, weights: await session.weights() };
    history.push(losses);
    validationLosses.push(loss);
    if (checkpoint !== undefined && (epoch % checkpoint.every === 0 || !goesOn())) {
      await checkpoint.save({ history, state: await session.state(), best });
    }
    options.onEpoch?.(losses);
  }
  return result(false);
}

/**
 * Returns the number of rows that an epoch takes. A last batch of one row is left out, another row in each
 * epoch: it has no variance, which batch normalisation would learn from it.
 */
function rowsInBatches(rowCount: number, batchSize: number): number {
  return rowCount > batchSize && rowCount % batchSize === 1 ? rowCount - 1 : rowCount;
}

/**
 * Epochs since the last improvement: a loss lower by more than `minDelta` than the lowest that counted so
 * far.
 */
export function epochsWithoutGain(losses: readonly number[], minDelta: number): number {
  let lowest = Number.POSITIVE_INFINITY;
  let last = -1;
  losses.forEach((loss, i) => {
    if (loss >= lowest - minDelta) return;
    lowest = loss;
    last = i;
  });
  return losses.length - 1 - last;
}

/** Returns the mean losses over all rows: batch means weighted by their row counts. */
export async function evaluateLosses(
  session: TrainingSession,
  rows: AnyRows,
  batchSize: number,
): Promise<Losses> {
  const mean = meanLosses();
  let index = 0;
  for (const batch of batches(rows, batchSize))
    mean.add(await session.evaluate(batch, index++), batch.rowCount);
  return mean.value();
}

async function requireFiniteLoss(session: TrainingSession, divergence: Divergence): Promise<void> {
  if (!Number.isFinite(divergence.loss)) throw await divergedError(session, divergence);
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
