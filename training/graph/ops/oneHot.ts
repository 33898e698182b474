/** `OneHot`: one-hot encoding of indices. */
import type { Op, Value } from '../types.ts';
import { apply, constant, float32, int64s, shapeError } from '../value.ts';

/**
 * ONNX `OneHot` along a new last axis: takes int64 indices, the number of classes, and the values for off and
 * on.
 */
export const oneHotOp: Op = {
  type: 'OneHot',
  infer: (inputs) => {
    const [indices, depth] = inputs;
    if (indices!.dtype !== 'int64' || depth!.kind !== 'constant')
      throw shapeError('OneHot', 'needs int64 indices and a constant number of classes', inputs);
    return float32([...indices!.shape, Number(depth!.tensor.data[0])]);
  },
  gradient: null,
  kernel: (tf, [indices, depth, values]) => {
    const [off, on] = values!.dataSync();
    return [tf.oneHot(indices!, depth!.dataSync()[0]!, on!, off!, 'float32')];
  },
};

/** One-hot encodes int64 indices from 0 along a new last axis of size `classes`. */
export function oneHot(indices: Value, classes: number): Value {
  const offOn = constant({ dtype: 'float32', shape: [2], data: Float32Array.of(0, 1) });
  return apply(oneHotOp, [indices, int64s([classes]), offOn]);
}
