/** `EyeLike`: the identity matrix in the shape of another matrix. */
import type { Op, Value } from '../types.ts';
import { apply, float32, shapeError } from '../value.ts';

/** ONNX `EyeLike`: 1 on the main diagonal and 0 elsewhere, in the shape of a matrix whose values do not matter. */
export const eyeLikeOp: Op = {
  type: 'EyeLike',
  infer: (inputs) => {
    const [{ dtype, shape }] = inputs as [Value];
    if (dtype !== 'float32' || shape.length !== 2)
      throw shapeError('EyeLike', 'needs a float32 matrix', inputs);
    return float32(shape);
  },
  gradient: null,
  kernel: (tf, [x]) => [tf.eye(x!.shape[0]!, x!.shape[1]!)],
};

/** Returns the identity matrix in the shape of `x`, `[N, M]`; without gradient. */
export function eyeLike(x: Value): Value {
  return apply(eyeLikeOp, [x]);
}
