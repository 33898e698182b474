/** Training and test rows in another form, such as their codes. */
import type { Matrix, Rows } from '../../shared/tensor.ts';
import { type AnyRows, takeRows } from '../data/batches.ts';
import type { Split } from '../data/split.ts';
import { featureStatistics } from '../data/statistics.ts';
import { toOnnx } from '../graph/onnx.ts';
import type { Value, Weights } from '../graph/types.ts';
import { input } from '../graph/value.ts';
import { codesOf } from './code.ts';

export interface Representation {
  readonly train: Matrix;
  readonly test: Matrix;
}

/** Applies `of` to the training and test rows. */
export async function representationOf(
  { train, test }: Split<Rows>,
  of: (rows: Value) => Value,
  weights: Weights = new Map(),
): Promise<Representation> {
  return { train: await computeRows(train, of, weights), test: await computeRows(test, of, weights) };
}

/** Applies `of` to all rows; returns `[N, width]`. */
export async function computeRows(
  rows: AnyRows,
  of: (rows: Value) => Value,
  weights: Weights = new Map(),
): Promise<Matrix> {
  const from = input('rows', ['N', rows.width]);
  const code = of(from);
  const model = toOnnx({ name: 'code', inputs: [from], outputs: { code }, weights });
  return codesOf({ model, outputs: [{ name: 'code', dtype: 'float32', shape: [...code.shape] }] }, rows);
}

/** The rows themselves, with missing values replaced by the mean of the column over the training rows. */
export function imputedRows({ train, test }: Split<Rows>): Representation {
  const { mean } = featureStatistics(train);
  const filled = (rows: AnyRows): Matrix => {
    const all = Uint32Array.from({ length: rows.rowCount }, (_, row) => row);
    const matrix = takeRows(rows as Matrix, all);
    const data = matrix.data.map((value, i) => (Number.isNaN(value) ? mean[i % rows.width]! : value));
    return { ...matrix, data };
  };
  return { train: filled(train), test: filled(test) };
}
