/** Means over axes. */
import type { Op, Value } from '../types.ts';
import { apply, float32, scalar, sizeOf } from '../value.ts';
import { div } from './arithmetic.ts';
import { expand } from './broadcast.ts';
import { elementCount, isFixed } from './shape.ts';
import { normalizeAxes, reduceShape, requireFloat32 } from './shapeRules.ts';
import { unsqueeze } from './squeeze.ts';

/** ONNX `ReduceMean` over `axes`, which are dropped. */
export const reduceMeanOp: Op = {
  type: 'ReduceMean',
  attributes: { axes: 'input', keepdims: 'int' },
  infer: ([x], { axes }) => {
    requireFloat32('ReduceMean', [x!]);
    return float32(reduceShape(x!.shape, normalizeAxes('ReduceMean', x!, axes as readonly number[]), false));
  },
  gradient: (g, { inputs: [x], outputs: [y], attributes }) => {
    const axes = attributes.axes as readonly number[];
    const averaged = axes.map((axis) => x!.shape[axis]!);
    const count = isFixed(averaged) ? scalar(sizeOf(averaged)) : div(elementCount(x!), elementCount(y!));
    return [expand(unsqueeze(div(g, count), axes), x!)];
  },
  kernel: (tf, [x], { axes }) => [tf.mean(x!, [...(axes as readonly number[])])],
};

/** Averages over `axes` (all by default), which are dropped. */
export function reduceMean(x: Value, axes: readonly number[] = x.shape.map((_, axis) => axis)): Value {
  return axes.length === 0
    ? x
    : apply(reduceMeanOp, [x], { axes: normalizeAxes('ReduceMean', x, axes), keepdims: 0 });
}
