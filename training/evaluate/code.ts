/** Codes of rows, and statistics of their values. */
import type { Matrix } from '../../shared/tensor.ts';
import type { ExportedGraph } from '../graph/exportedGraph.ts';
import { type GraphRows, outputBatches, rowCountOf } from './outputs.ts';

/**
 * Counts of values in bins of equal width from `low` to `high`; a value on an edge counts in the bin above
 * it.
 */
export interface Histogram {
  readonly low: number;
  readonly high: number;
  readonly counts: readonly number[];
}

export interface CodeStatistics {
  /**
   * Counts of all values in bins of equal width: bin i is [edge i, edge i + 1), and the last bin includes its
   * upper edge.
   */
  readonly histogram: { readonly edges: readonly number[]; readonly counts: readonly number[] };
  readonly mean: number;
  /** Share of the values that are active: not exactly 0. */
  readonly shareActive: number;
}

const BATCH = 1024;
const BINS = 50;

/** Codes `[N, codeSize]` of all rows: the first output of an encoder graph. */
export async function codesOf(
  { model, outputs }: Pick<ExportedGraph, 'model' | 'outputs'>,
  rows: GraphRows,
): Promise<Matrix> {
  const { name, shape } = outputs[0]!;
  const width = shape[1] as number;
  const rowCount = rowCountOf(rows);
  const data = new Float32Array(rowCount * width);
  let offset = 0;
  for await (const { outputs: answered } of outputBatches(model, rows, BATCH)) {
    data.set(answered[name]!, offset);
    offset += answered[name]!.length;
  }
  return { data, rowCount, width };
}

/** Statistics over all values of all codes. */
export function codeStatistics({ data }: Matrix): CodeStatistics {
  let [sum, active] = [0, 0];
  for (const value of data) {
    sum += value;
    if (value !== 0) active++;
  }
  const { low, high, counts } = histogramOf(data, BINS);
  const edges = Array.from({ length: BINS + 1 }, (_, i) => low + ((high - low) * i) / BINS);
  return { histogram: { edges, counts }, mean: sum / data.length, shareActive: active / data.length };
}

/**
 * Histogram from the smallest to the largest value, as in NumPy; if all values are equal, it has a width of 1
 * around them.
 */
export function histogramOf(values: Float32Array, bins: number): Histogram {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low === high) [low, high] = [low - 0.5, high + 0.5];
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) {
    counts[Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins))]!++;
  }
  return { low, high, counts };
}
