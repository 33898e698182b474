/** `ScatterElements`: writing values at indices. */
import type { Op, Value } from '../types.ts';
import { apply, float32, sameShape, shapeError } from '../value.ts';
import { requireFloat32 } from './shapeRules.ts';

/**
 * ONNX `ScatterElements` along the last axis of a matrix; -1 is the last column. For duplicate
 * indices, it is undefined which update remains.
 */
export const scatterElementsOp: Op = {
  type: 'ScatterElements',
  attributes: { axis: 'int' },
  infer: (inputs, { axis }) => {
    const [x, indices, updates] = inputs;
    requireFloat32('ScatterElements', [x!, updates!]);
    const fits = x!.shape[0] === indices!.shape[0] && sameShape(indices!.shape, updates!.shape);
    if (axis !== 1 || x!.shape.length !== 2 || indices!.dtype !== 'int64' || !fits)
      throw shapeError('ScatterElements', 'needs a matrix, and indices and updates for its rows', inputs);
    return float32(x!.shape);
  },
  gradient: null,
  kernel: (tf, [x, indices, updates]) => {
    const [rows, columns] = x!.shape as [number, number];
    const [, width] = indices!.shape as [number, number];
    const counted = tf.where(tf.less(indices!, 0), tf.add(indices!, tf.scalar(columns, 'int32')), indices!);
    const row = tf.tile(tf.reshape(tf.range(0, rows, 1, 'int32'), [rows, 1]), [1, width]);
    const places = tf.stack([tf.reshape(row, [-1]), tf.reshape(counted, [-1])], 1);
    return [tf.tensorScatterUpdate(x!, places, tf.reshape(updates!, [-1]))];
  },
};

/**
 * Replaces, in every row of `x [N, width]`, the columns `indices` (int64 `[N, L]`) with `updates [N, L]`;
 * without gradient.
 */
export function scatterColumns(x: Value, indices: Value, updates: Value): Value {
  return apply(scatterElementsOp, [x, indices, updates], { axis: 1 });
}
