/** Distances to the nearest of given rows, as nodes of a graph. */
import type { Matrix } from '../../shared/tensor.ts';
import { sub } from '../graph/ops/arithmetic.ts';
import { reduceSum } from '../graph/ops/broadcast.ts';
import { gather } from '../graph/ops/gather.ts';
import { gemm } from '../graph/ops/gemm.ts';
import { sqrt, square } from '../graph/ops/powers.ts';
import { squeeze, unsqueeze } from '../graph/ops/squeeze.ts';
import { topK } from '../graph/ops/topK.ts';
import type { Value } from '../graph/types.ts';
import { constant, float32s, int64s } from '../graph/value.ts';

/** Returns the Euclidean distance of each row `[N, width]` to the nearest, by rank from 1, of others: `[N, 1]`. */
export function distanceToNearest(rows: Value, { data, rowCount, width }: Matrix, rank: number): Value {
  const others = constant({ dtype: 'float32', shape: [rowCount, width], data });
  const halfNorms = Float32Array.from({ length: rowCount }, (_, row) =>
    data.subarray(row * width, (row + 1) * width).reduce((sum, value) => sum + value ** 2 / 2, 0),
  );
  // Half of |x|^2 - |x - other|^2, which ranks. As a distance, it would be inexact: that is computed anew.
  const nearness = sub(gemm(rows, others, { transB: true }), float32s(halfNorms));
  const { indices } = topK(nearness, int64s([rank]));
  const nearest = squeeze(gather(others, gather(indices, int64s([rank - 1]), 1), 0), [1]);
  return unsqueeze(sqrt(reduceSum(square(sub(rows, nearest)), [1])), [1]);
}
