/** Rows of which an answer is known, to fit something to or to measure it on. */
import type { Matrix } from '../../shared/tensor.ts';
import { takeRows } from '../data/batches.ts';

export interface LabelledRows {
  readonly rows: Matrix;
  readonly answers: readonly number[];
}

/** Those whose answer is not NaN; every so many-th of them where there are more than `most`. */
export function labelledRows(
  rows: Matrix,
  answers: ArrayLike<number>,
  most = Number.POSITIVE_INFINITY,
): LabelledRows {
  const all = Uint32Array.from({ length: rows.rowCount }, (_, row) => row).filter(
    (row) => !Number.isNaN(answers[row]!),
  );
  const step = Math.max(1, Math.ceil(all.length / most));
  const indices = all.filter((_, i) => i % step === 0);
  return { rows: takeRows(rows, indices), answers: Array.from(indices, (row) => answers[row]!) };
}
