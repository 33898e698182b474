/** Verification of exported graphs: other runtimes, and preprocessing in the graph, must give the same answers. */
import type { Parity } from '../../shared/measured.ts';
import { permutation, random } from '../../shared/random.ts';
import type { Rows } from '../../shared/tensor.ts';
import { pickRows } from '../data/batches.ts';
import type { Dataset, Parts } from '../data/dataset.ts';
import type { Split } from '../data/split.ts';
import type { Weights } from '../graph/types.ts';
import type { Autoencoder } from '../models/model.ts';
import { rawRows } from '../preprocess/preprocessing.ts';
import { withoutTies } from './ambiguousRows.ts';
import type { ExportedGraphs } from './exportGraphs.ts';
import { measureParity, PARITY_TOLERANCE } from './parity.ts';
import { requireSameAnswers } from './preprocessingParity.ts';

/**
 * Most validation rows that are compared, a random sample of all: every graph answers each of them alone, in both
 * runtimes, which would take minutes for a hundred thousand.
 */
const MOST_COMPARED = 500;

export interface Verified {
  readonly data: Dataset<Rows>;
  readonly split: Split<Rows>;
  /** The rows in each part of the split. */
  readonly parts: Parts;
  readonly model: Autoencoder;
  readonly weights: Weights;
  readonly seed: number;
}

/**
 * Compares the graphs with the runtime that serves, and with `core`, the same without preprocessing.
 * @throws {GateError} if another runtime, or preprocessing in the graph, gives different answers.
 */
export async function verify(
  { data, split, parts, model, weights, seed }: Verified,
  { graphs, core }: { readonly graphs: ExportedGraphs; readonly core: ExportedGraphs },
): Promise<Parity> {
  const { validation } = split;
  const order = permutation(validation.rowCount, random(seed, 'parity'));
  const sampled = order.subarray(0, MOST_COMPARED).sort();
  const sample = pickRows(validation, sampled);
  const clear = await withoutTies(model, weights, sample, PARITY_TOLERANCE);
  const rows = pickRows(sample, clear);
  if (data.preprocessing === undefined) return measureParity(graphs, rows, model);
  const raw = rawRows(
    data.preprocessing,
    clear.map((row) => parts.validation[sampled[row]!]!),
  );
  await requireSameAnswers({ graphs, rows: raw }, { graphs: core, rows }, PARITY_TOLERANCE);
  return measureParity(graphs, rows, model, raw);
}
