/** Rows with known answers, for fitting and evaluation. */
import type { Matrix } from '../../shared/tensor.ts';
import { takeRows } from '../data/batches.ts';

export interface LabelledRows {
  readonly rows: Matrix;
  readonly answers: readonly number[];
}

/** Selects the rows whose answer is not NaN; takes evenly spaced ones if there are more than `most`. */
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
