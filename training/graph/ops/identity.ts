/** `Identity`, to stop gradients. */
import type * as tfjs from '@tensorflow/tfjs-core';
import type { Op, Tfjs, Value } from '../types.ts';
import { apply } from '../value.ts';

/** ONNX `Identity`; no gradient passes it. */
export const identityOp: Op = {
  type: 'Identity',
  infer: ([x]) => [{ dtype: x!.dtype, shape: x!.shape }],
  gradient: null,
  kernel: (tf, [x]) => [untracked(tf, x!)],
};

/** `x`, as a constant for whatever is differentiated. */
export function stopGradient(x: Value): Value {
  return apply(identityOp, [x]);
}

/** The same values as a new tensor: TensorFlow.js cannot stop a gradient, and refuses operators that have none on its way. */
export function untracked(tf: Tfjs, x: tfjs.Tensor): tfjs.Tensor {
  return tf.tensor(x.dataSync().slice(), x.shape, x.dtype);
}
