/** Reconstruction errors and anomaly scores of rows. */
import type { ReconstructionError } from '../../../shared/measured.ts';
import { quantile } from '../../../shared/quantile.ts';
import { type AnyRows, batches, rowsPerBatch } from '../../data/batches.ts';
import { featureStatistics } from '../../data/statistics.ts';
import { evaluationProgress, feeder } from '../../engines/feeds.ts';
import { openNative } from '../../engines/inference.ts';
import { toOnnx } from '../../graph/onnx.ts';
import { inputsOf } from '../../graph/traverse.ts';
import type { Input, Value, Weights } from '../../graph/types.ts';
import { type GraphRows, outputBatches, rowCountOf } from '../outputs.ts';

const BATCH = 1024;

export interface MeanOptions {
  readonly weights?: Weights;
  /** Seed of the noise, for graphs that sample; 0 by default. */
  readonly seed?: number;
}

/** Means over all rows of scalars or vectors that a graph computes per batch, by onnxruntime-node. */
export async function meansOver(
  rows: AnyRows,
  from: Input,
  values: Readonly<Record<string, Value>>,
  { weights = new Map(), seed = 0 }: MeanOptions = {},
): Promise<Record<string, Float32Array>> {
  const own = inputsOf(Object.values(values)).filter((each) => each !== from);
  const feed = feeder(own, seed, 'evaluation');
  const model = await openNative(toOnnx({ name: 'means', inputs: [from, ...own], outputs: values, weights }));
  const means: Record<string, Float32Array> = {};
  let index = 0;
  for (const batch of batches(rows, rowsPerBatch(rows.width, BATCH))) {
    const outputs = await model.run(batch, feed(batch.rowCount, evaluationProgress(index++)));
    for (const [name, data] of Object.entries(outputs)) {
      means[name] ??= new Float32Array(data.length);
      const mean = means[name];
      data.forEach((value, i) => {
        mean[i]! += (value * batch.rowCount) / rows.rowCount;
      });
    }
  }
  await model.release();
  return means;
}

/**
 * Errors of the rows, and the scores that they are judged by, in one run of an autoencoder graph: its outputs `error`
 * and `anomaly_score`. Without the latter, the errors are the scores.
 */
export async function rowMeasures(autoencoder: Uint8Array, rows: GraphRows): Promise<RowMeasures> {
  const errors = new Float32Array(rowCountOf(rows));
  let scores: RowMeasures['scores'] | undefined;
  let offset = 0;
  for await (const { rowCount, outputs } of outputBatches(autoencoder, rows, BATCH)) {
    const { error, anomaly_score: score } = outputs;
    errors.set(error!, offset);
    if (score !== undefined) {
      scores ??= new Float32Array(errors.length);
      scores.set(score, offset);
    }
    offset += rowCount;
  }
  return { errors, scores: scores ?? errors };
}

export type RowMeasures = Readonly<Record<'errors' | 'scores', Float32Array<ArrayBuffer>>>;

/** Reconstruction error of each row. */
export async function rowErrors(
  autoencoder: Uint8Array,
  rows: GraphRows,
): Promise<Float32Array<ArrayBuffer>> {
  return (await rowMeasures(autoencoder, rows)).errors;
}

/** Score of each row. */
export async function rowScores(
  autoencoder: Uint8Array,
  rows: GraphRows,
): Promise<Float32Array<ArrayBuffer>> {
  return (await rowMeasures(autoencoder, rows)).scores;
}

/** Mean squared error: the mean of the reconstruction errors of all rows. */
export async function meanError(autoencoder: Uint8Array, rows: GraphRows): Promise<number> {
  return meanOf(await rowErrors(autoencoder, rows));
}

export function meanOf(errors: Float32Array): number {
  return errors.reduce((sum, error) => sum + error, 0) / errors.length;
}

/** Distribution of the errors, with the threshold above which the share `contamination` of them lies. */
export function calibrate(errors: Float32Array<ArrayBuffer>, contamination: number): ReconstructionError {
  const ascending = errors.toSorted();
  const { mean, standardDeviation } = featureStatistics({ data: errors, rowCount: errors.length, width: 1 });
  return {
    mean: mean[0]!,
    standardDeviation: standardDeviation[0]!,
    quantiles: Array.from({ length: 101 }, (_, percent) => quantile(ascending, percent / 100)),
    threshold: quantile(ascending, 1 - contamination),
    contamination,
  };
}
