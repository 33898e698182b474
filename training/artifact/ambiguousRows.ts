/** Rows whose code depends on a difference within rounding error. */
import type { Rows } from '../../shared/tensor.ts';
import { batches } from '../data/batches.ts';
import { openNative } from '../engines/inference.ts';
import { toOnnx } from '../graph/onnx.ts';
import type { Weights } from '../graph/types.ts';
import { input } from '../graph/value.ts';
import type { Autoencoder } from '../models/model.ts';

const BATCH = 64;

/**
 * Indices of the rows without near ties: the two highest of a model's scores differ by at most `tolerance`
 * (times the largest magnitude of the scores, if above 1) without being equal. Runtimes that round
 * differently may choose differently there, and both choices are right. Returns all rows if none would be
 * left, and for models without scores.
 */
export async function withoutTies(
  { scores }: Pick<Autoencoder, 'scores'>,
  weights: Weights,
  rows: Rows,
  tolerance: number,
): Promise<Uint32Array> {
  const all = Uint32Array.from({ length: rows.rowCount }, (_, row) => row);
  if (scores === undefined) return all;
  const from = input('rows', ['N', rows.width]);
  const values = scores(from);
  const choices = values.shape[1] as number;
  const outputs = { scores: values };
  const model = await openNative(toOnnx({ name: 'scores', inputs: [from], outputs, weights }));
  const clear: number[] = [];
  let first = 0;
  for (const batch of batches(rows, BATCH)) {
    const data = (await model.run(batch)).scores!;
    const perRow = data.length / batch.rowCount;
    for (let row = 0; row < batch.rowCount; row++) {
      const own = data.subarray(row * perRow, (row + 1) * perRow);
      if (!hasTie(own, choices, tolerance)) clear.push(first + row);
    }
    first += batch.rowCount;
  }
  await model.release();
  return clear.length === 0 ? all : Uint32Array.from(clear);
}

function hasTie(scores: Float32Array, choices: number, tolerance: number): boolean {
  for (let start = 0; start < scores.length; start += choices) {
    const own = scores.subarray(start, start + choices);
    const best = own.reduce((highest, score) => Math.max(highest, score));
    const magnitude = own.reduce((largest, score) => Math.max(largest, Math.abs(score)), 1);
    // Equal choices have equal scores in every runtime, and each takes the first of them.
    if (own.some((score) => score < best && best - score <= tolerance * magnitude)) return true;
  }
  return false;
}
