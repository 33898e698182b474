/** `TopK`: the largest values of every row, and their indices. */
import type { Op, Value } from '../types.ts';
import { applyAll, shapeError } from '../value.ts';
import { requireFloat32 } from './shapeRules.ts';

/** ONNX `TopK` along the last axis, largest first; among equal values, the lower index first. */
export const topKOp: Op = {
  type: 'TopK',
  outputsRequired: true,
  infer: (inputs) => {
    const [x, k] = inputs;
    requireFloat32('TopK', [x!]);
    const size = x!.shape.at(-1);
    const count = k!.kind === 'constant' ? Number(k!.tensor.data[0]) : 'K';
    const tooMany = typeof size === 'number' && typeof count === 'number' && count > size;
    if (size === undefined || k!.dtype !== 'int64' || k!.shape.length !== 1 || tooMany)
      throw shapeError('TopK', 'needs a last axis of at least k values, and k as int64 [1]', inputs);
    const shape = [...x!.shape.slice(0, -1), count];
    return [
      { dtype: 'float32', shape },
      { dtype: 'int64', shape },
    ];
  },
  gradient: null,
  kernel: (tf, [x, k]) => {
    const { values, indices } = tf.topk(x!, k!.dataSync()[0]!);
    return [values, indices];
  },
};

/**
 * Returns the `k` (int64 `[1]`) largest values along the last axis, and their int64 indices; without
 * gradient.
 */
export function topK(x: Value, k: Value): { readonly values: Value; readonly indices: Value } {
  const [values, indices] = applyAll(topKOp, [x, k]);
  return { values: values!, indices: indices! };
}
