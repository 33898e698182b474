/** `Identity`, to stop gradients. */
import type * as tfjs from '@tensorflow/tfjs-core';
import type { Op, Tfjs, Value } from '../types.ts';
import { apply } from '../value.ts';

/** ONNX `Identity`; stops gradients. */
export const identityOp: Op = {
  type: 'Identity',
  infer: ([x]) => [{ dtype: x!.dtype, shape: x!.shape }],
  gradient: null,
  kernel: (tf, [x]) => [untracked(tf, x!)],
};

/** Returns `x`, treated as a constant by differentiation. */
export function stopGradient(x: Value): Value {
  return apply(identityOp, [x]);
}

/** Copies a tensor, since TensorFlow.js cannot stop gradients and rejects operators without one. */
export function untracked(tf: Tfjs, x: tfjs.Tensor): tfjs.Tensor {
  return tf.tensor(x.dataSync().slice(), x.shape, x.dtype);
}
