/** Products along an axis. */
import type { Op, Value } from '../types.ts';
import { apply, float32 } from '../value.ts';
import { div, mul } from './arithmetic.ts';
import { normalizeAxes, reduceShape, requireFloat32 } from './shapeRules.ts';
import { unsqueeze } from './squeeze.ts';

/** ONNX `ReduceProd` over `axes`, which are dropped. The gradient is valid only for values other than 0. */
export const reduceProdOp: Op = {
  type: 'ReduceProd',
  attributes: { axes: 'input', keepdims: 'int' },
  infer: ([x], { axes }) => {
    requireFloat32('ReduceProd', [x!]);
    return float32(reduceShape(x!.shape, normalizeAxes('ReduceProd', x!, axes as readonly number[]), false));
  },
  gradient: (g, { inputs: [x], outputs: [y], attributes: { axes } }) => [
    div(unsqueeze(mul(g, y!), axes as readonly number[]), x!),
  ],
  kernel: (tf, [x], { axes }) => [tf.prod(x!, [...(axes as readonly number[])])],
};

/** Multiplies over `axes`, which are dropped. */
export function reduceProd(x: Value, axes: readonly number[]): Value {
  return apply(reduceProdOp, [x], { axes: normalizeAxes('ReduceProd', x, axes), keepdims: 0 });
}
