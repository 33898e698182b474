/** `Unsqueeze` and `Squeeze`: inserting and dropping dimensions of size 1, each the gradient of the other. */
import type { Attributes, Dimension, Op, Shape, Value } from '../types.ts';
import { apply, shapeError } from '../value.ts';
import { normalizeAxes } from './shapeRules.ts';

/** ONNX `Unsqueeze`: inserts a dimension of size 1 at each of `axes`, which refer to the result. */
export const unsqueezeOp: Op = {
  type: 'Unsqueeze',
  attributes: { axes: 'input' },
  infer: ([x], attributes) => [{ dtype: x!.dtype, shape: insertOnes(x!, axesOf(attributes)) }],
  gradient: (g, { attributes }) => [squeeze(g, axesOf(attributes))],
  kernel: (tf, [x], attributes) => {
    const shape = [...x!.shape];
    for (const axis of axesOf(attributes)) shape.splice(axis, 0, 1);
    return [tf.reshape(x!, shape)];
  },
};

/** ONNX `Squeeze`: drops the dimensions at `axes`, which must be 1. */
export const squeezeOp: Op = {
  type: 'Squeeze',
  attributes: { axes: 'input' },
  infer: ([x], attributes) => {
    const axes = normalizeAxes('Squeeze', x!, axesOf(attributes));
    if (axes.some((axis) => x!.shape[axis] !== 1))
      throw shapeError('Squeeze', `axes ${axes} are not all 1`, [x!]);
    return [{ dtype: x!.dtype, shape: x!.shape.filter((_, axis) => !axes.includes(axis)) }];
  },
  gradient: (g, { attributes }) => [unsqueeze(g, axesOf(attributes))],
  kernel: (tf, [x], attributes) => [tf.squeeze(x!, [...axesOf(attributes)])],
};

/** Inserts dimensions of size 1 at `axes`, which are ascending and refer to the result. */
export function unsqueeze(x: Value, axes: readonly number[]): Value {
  return apply(unsqueezeOp, [x], { axes });
}

/** Drops dimensions of size 1. */
export function squeeze(x: Value, axes: readonly number[]): Value {
  return apply(squeezeOp, [x], { axes: normalizeAxes('Squeeze', x, axes) });
}

function insertOnes(x: Value, axes: readonly number[]): Shape {
  const shape: Dimension[] = [...x.shape];
  for (const axis of axes) {
    if (axis < 0 || axis > shape.length) throw shapeError('Unsqueeze', `axis ${axis} is out of range`, [x]);
    shape.splice(axis, 0, 1);
  }
  return shape;
}

function axesOf(attributes: Attributes): readonly number[] {
  return attributes.axes as readonly number[];
}
