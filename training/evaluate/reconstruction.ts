/** How well rows are reconstructed. */
import type { ReconstructionError } from '../../shared/manifest.ts';
import type { Matrix } from '../../shared/tensor.ts';
import { batches } from '../data/dataset.ts';
import { evaluationProgress, feeder } from '../engines/feeds.ts';
import { toOnnx, type Weights } from '../graph/onnx.ts';
import { inputsOf } from '../graph/traverse.ts';
import type { Input, Value } from '../graph/types.ts';
import { openNative } from '../inference.ts';
import { quantile } from './statistics.ts';

const BATCH = 1024;

export interface MeanOptions {
  readonly weights?: Weights;
  /** Seed of the noise, for graphs that sample. */
  readonly seed?: number;
}

/** The mean over all rows of a scalar that a graph computes per batch, natively. */
export async function meanOver(
  rows: Matrix,
  from: Input,
  value: Value,
  { weights = new Map(), seed = 0 }: MeanOptions = {},
): Promise<number> {
  const own = inputsOf([value]).filter((each) => each !== from);
  const feed = feeder(own, seed, 'evaluation');
  const model = await openNative(
    toOnnx({ name: 'mean', inputs: [from, ...own], outputs: { value }, weights }),
  );
  let sum = 0;
  let index = 0;
  for (const batch of batches(rows, BATCH)) {
    const outputs = await model.run(batch, feed(batch.rowCount, evaluationProgress(index++)));
    sum += outputs.value![0]! * batch.rowCount;
  }
  await model.release();
  return sum / rows.rowCount;
}

/** The reconstruction error of each row: the `error` output of an autoencoder graph. */
export async function rowErrors(autoencoder: Uint8Array, rows: Matrix): Promise<Float32Array> {
  const model = await openNative(autoencoder);
  const errors = new Float32Array(rows.rowCount);
  let offset = 0;
  for (const batch of batches(rows, BATCH)) {
    const { error } = await model.run(batch);
    errors.set(error!, offset);
    offset += batch.rowCount;
  }
  await model.release();
  return errors;
}

/** Quantiles of the rows' errors, and the error above which the share `contamination` of them lies. */
export function calibrate(errors: Float32Array, contamination: number): ReconstructionError {
  const ascending = errors.toSorted();
  return {
    quantiles: Array.from({ length: 101 }, (_, percent) => quantile(ascending, percent / 100)),
    threshold: quantile(ascending, 1 - contamination),
    contamination,
  };
}
