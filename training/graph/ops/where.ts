/** Selection by a condition, and the detection of missing values. */
import type { Op, Value } from '../types.ts';
import { apply, scalar, shapeError } from '../value.ts';
import { sumTo } from './broadcast.ts';
import { broadcast, requireFloat32 } from './shapeRules.ts';

/** ONNX `IsNaN`: true where a value is not a number. */
export const isNaNOp: Op = {
  type: 'IsNaN',
  infer: ([x]) => {
    requireFloat32('IsNaN', [x!]);
    return [{ dtype: 'bool', shape: x!.shape }];
  },
  gradient: null,
  kernel: (tf, [x]) => [tf.isNaN(x!)],
};

/** ONNX `Where`: `a` where the condition is true, `b` elsewhere; all three broadcast. */
export const whereOp: Op = {
  type: 'Where',
  infer: (inputs) => {
    const [condition, ...choices] = inputs;
    if (condition!.dtype !== 'bool') throw shapeError('Where', 'needs a bool condition', [condition!]);
    requireFloat32('Where', choices);
    return [{ dtype: 'float32', shape: broadcast('Where', inputs) }];
  },
  gradient: (g, { inputs: [condition, a, b] }) => [
    undefined,
    sumTo(where(condition!, g, scalar(0)), a!.shape),
    sumTo(where(condition!, scalar(0), g), b!.shape),
  ],
  kernel: (tf, [condition, a, b]) => [tf.where(condition!, a!, b!)],
};

export function isNan(x: Value): Value {
  return apply(isNaNOp, [x]);
}

export function where(condition: Value, a: Value, b: Value): Value {
  return apply(whereOp, [condition, a, b]);
}
