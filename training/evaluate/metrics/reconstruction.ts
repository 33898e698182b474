/** How well rows are reconstructed. */
import type { ReconstructionError } from '../../../shared/measured.ts';
import { quantile } from '../../../shared/quantile.ts';
import { type AnyRows, batches, rowsPerBatch } from '../../data/batches.ts';
import { featureStatistics } from '../../data/statistics.ts';
import { evaluationProgress, feeder } from '../../engines/feeds.ts';
import { openNative } from '../../engines/inference.ts';
import { toOnnx } from '../../graph/onnx.ts';
import { inputsOf } from '../../graph/traverse.ts';
import type { Input, Value, Weights } from '../../graph/types.ts';
import { answers, type GraphRows, rowCountOf } from '../outputs.ts';

const BATCH = 1024;

export interface MeanOptions {
  readonly weights?: Weights;
  /** Seed of the noise, for graphs that sample. */
  readonly seed?: number;
}

/** The means over all rows of scalars or vectors that a graph computes per batch, natively. */
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

/** The reconstruction error of each row: the `error` output of an autoencoder graph. */
export async function rowErrors(
  autoencoder: Uint8Array,
  rows: GraphRows,
): Promise<Float32Array<ArrayBuffer>> {
  return perRow(autoencoder, rows, ({ error }) => error!);
}

/** What each row is judged by: the output `anomaly_score` of an autoencoder graph, its `error` where there is none. */
export async function rowScores(
  autoencoder: Uint8Array,
  rows: GraphRows,
): Promise<Float32Array<ArrayBuffer>> {
  return perRow(autoencoder, rows, ({ anomaly_score, error }) => anomaly_score ?? error!);
}

async function perRow(
  model: Uint8Array,
  rows: GraphRows,
  pick: (outputs: Readonly<Record<string, Float32Array<ArrayBuffer>>>) => Float32Array<ArrayBuffer>,
): Promise<Float32Array<ArrayBuffer>> {
  const all = new Float32Array(rowCountOf(rows));
  let offset = 0;
  for await (const { rowCount, outputs } of answers(model, rows, BATCH)) {
    all.set(pick(outputs), offset);
    offset += rowCount;
  }
  return all;
}

/** The mean of those errors: the mean squared error. */
export async function meanError(autoencoder: Uint8Array, rows: GraphRows): Promise<number> {
  const errors = await rowErrors(autoencoder, rows);
  return errors.reduce((sum, error) => sum + error, 0) / errors.length;
}

/** How the rows' errors are distributed, and the error above which the share `contamination` of them lies. */
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
