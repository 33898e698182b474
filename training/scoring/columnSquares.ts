/** Squares of values, summed for each column of a table. */
import type { Matrix } from '../../shared/tensor.ts';
import { gemm } from '../graph/ops/gemm.ts';
import { square } from '../graph/ops/powers.ts';
import type { Value } from '../graph/types.ts';
import { constant } from '../graph/value.ts';
import type { ColumnGroup } from './rowView.ts';

/**
 * Returns a function that maps values `[N, width]` to the weighted squares of each column, `[N, columns]`.
 * The squares of a category are summed; those of other columns with several values are averaged.
 */
export function columnSquares(
  groups: readonly ColumnGroup[],
  width: number,
  weights = new Float64Array(width).fill(1),
): (values: Value) => Value {
  const factors = new Float32Array(width * groups.length);
  groups.forEach(({ positions, oneHot }, column) => {
    for (const position of positions)
      factors[position * groups.length + column] = weights[position]! / (oneHot ? 1 : positions.length);
  });
  const by = constant({ dtype: 'float32', shape: [width, groups.length], data: factors });
  return (values) => gemm(square(values), by);
}

/**
 * Returns a function that maps values `[N, width]` to the square of each column over that of the training
 * rows, `[N, columns]`: 1 on average.
 * @param least Least root of the mean square of a column in the training rows.
 */
export function squaredShares(
  { data, rowCount, width }: Matrix,
  groups: readonly ColumnGroup[],
  least: number,
): (values: Value) => Value {
  const typical = new Float64Array(width);
  data.forEach((value, i) => {
    typical[i % width]! += value ** 2 / rowCount;
  });
  const weights = new Float64Array(width);
  for (const { positions, oneHot } of groups) {
    const together = positions.reduce((sum, position) => sum + typical[position]!, 0);
    for (const position of positions)
      weights[position] = 1 / Math.max(oneHot ? together : typical[position]!, least ** 2);
  }
  return columnSquares(groups, width, weights);
}

/** Averages values `[N, columns]` over the columns, `[N, 1]`. */
export function columnMean(columns: number): (values: Value) => Value {
  const data = new Float32Array(columns).fill(1 / columns);
  const mean = constant({ dtype: 'float32', shape: [columns, 1], data });
  return (values) => gemm(values, mean);
}
