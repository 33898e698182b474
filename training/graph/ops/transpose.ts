/** `Transpose`: reordering of axes. */
import type { Op, Value } from '../types.ts';
import { apply, shapeError } from '../value.ts';

/** ONNX `Transpose`; axis `i` of the result is axis `perm[i]` of the input. */
export const transposeOp: Op = {
  type: 'Transpose',
  attributes: { perm: 'ints' },
  infer: ([x], attributes) => {
    const perm = attributes.perm as readonly number[];
    const isOrder = perm.toSorted((a, b) => a - b).every((axis, i) => axis === i);
    if (perm.length !== x!.shape.length || !isOrder)
      throw shapeError('Transpose', `[${perm}] is not a permutation of the axes`, [x!]);
    return [{ dtype: x!.dtype, shape: perm.map((axis) => x!.shape[axis]!) }];
  },
  gradient: (g, { attributes }) => {
    const perm = attributes.perm as readonly number[];
    return [
      transpose(
        g,
        perm.map((_, axis) => perm.indexOf(axis)),
      ),
    ];
  },
  kernel: (tf, [x], { perm }) => [tf.transpose(x!, [...(perm as readonly number[])])],
};

/** Reorders the axes of `x`: axis `i` of the result is axis `perm[i]` of `x`. */
export function transpose(x: Value, perm: readonly number[]): Value {
  return apply(transposeOp, [x], { perm });
}
