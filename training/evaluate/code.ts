/** What the codes of rows look like: how their values are distributed, and how many of them are 0. */
import type { Matrix } from '../../shared/tensor.ts';
import { type AnyRows, batches, rowsPerBatch } from '../data/dataset.ts';
import type { ExportedGraph } from '../graphs.ts';
import { openNative } from '../inference.ts';

export interface CodeStatistics {
  /** Counts of all values in bins of equal width: bin i goes from edge i up to, but for the last, below edge i + 1. */
  readonly histogram: { readonly edges: readonly number[]; readonly counts: readonly number[] };
  readonly mean: number;
  /** Share of the values that are active: not exactly 0. */
  readonly shareActive: number;
}

const BATCH = 1024;
const BINS = 50;

/** The codes of all rows: the first output of an encoder graph. */
export async function codesOf(
  { model, outputs }: Pick<ExportedGraph, 'model' | 'outputs'>,
  rows: AnyRows,
): Promise<Matrix> {
  const { name, shape } = outputs[0]!;
  const width = shape[1] as number;
  const data = new Float32Array(rows.rowCount * width);
  const encoder = await openNative(model);
  let offset = 0;
  for (const batch of batches(rows, rowsPerBatch(rows.width, BATCH))) {
    const code = (await encoder.run(batch))[name]!;
    data.set(code, offset);
    offset += code.length;
  }
  await encoder.release();
  return { data, rowCount: rows.rowCount, width };
}

/** Over every value of every code; the histogram goes from the smallest to the largest (as NumPy's). */
export function codeStatistics({ data }: Matrix): CodeStatistics {
  const values = { min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY, sum: 0, active: 0 };
  for (const value of data) {
    values.min = Math.min(values.min, value);
    values.max = Math.max(values.max, value);
    values.sum += value;
    if (value !== 0) values.active++;
  }
  // Values that are all the same lie in the middle of a histogram of width 1.
  const [low, high] =
    values.min < values.max ? [values.min, values.max] : [values.min - 0.5, values.min + 0.5];
  const counts = new Array<number>(BINS).fill(0);
  for (const value of data) {
    counts[Math.min(BINS - 1, Math.floor(((value - low) / (high - low)) * BINS))]!++;
  }
  return {
    histogram: {
      edges: Array.from({ length: BINS + 1 }, (_, i) => low + ((high - low) * i) / BINS),
      counts,
    },
    mean: values.sum / data.length,
    shareActive: values.active / data.length,
  };
}
