/** `Expand` and `ReduceSum`: repeating along axes and summing over axes, each the gradient of the other. */
import type { Op, Shape, Value } from '../types.ts';
import { apply, float32, formatShape, sameShape, shapeError } from '../value.ts';
import { shapeHeldBy, shapeOf } from './shape.ts';
import { normalizeAxes, reduceShape, requireFloat32 } from './shapeRules.ts';
import { unsqueeze } from './squeeze.ts';

/** ONNX `Expand`: broadcasts `x` to the shape given by an int64 operand. */
export const expandOp: Op = {
  type: 'Expand',
  infer: ([x, shape]) => {
    const target = shapeHeldBy(shape!);
    if (target === undefined)
      throw shapeError('Expand', 'the shape must be a constant or a Shape', [x!, shape!]);
    if (!expandsTo(x!.shape, target))
      throw shapeError('Expand', `cannot expand to ${formatShape(target)}`, [x!]);
    return [{ dtype: x!.dtype, shape: target }];
  },
  gradient: (g, { inputs: [x] }) => [sumTo(g, x!.shape), undefined],
  kernel: (tf, [x, shape]) => [tf.broadcastTo(x!, Array.from(shape!.dataSync()))],
};

/** ONNX `ReduceSum` over `axes`. */
export const reduceSumOp: Op = {
  type: 'ReduceSum',
  attributes: { axes: 'input', keepdims: 'int' },
  infer: ([x], { axes, keepdims }) => {
    requireFloat32('ReduceSum', [x!]);
    const normal = normalizeAxes('ReduceSum', x!, axes as readonly number[]);
    return float32(reduceShape(x!.shape, normal, keepdims === 1));
  },
  gradient: (g, { inputs: [x], attributes: { axes, keepdims } }) => {
    const kept = keepdims === 1 ? g : unsqueeze(g, axes as readonly number[]);
    return [expand(kept, x!)];
  },
  kernel: (tf, [x], { axes, keepdims }) => [tf.sum(x!, [...(axes as readonly number[])], keepdims === 1)],
};

/** Broadcasts `x` to the shape of `like`. */
export function expand(x: Value, like: Value): Value {
  return sameShape(x.shape, like.shape) ? x : apply(expandOp, [x, shapeOf(like)]);
}

/** Sums over `axes` (all by default), which are dropped. */
export function reduceSum(x: Value, axes: readonly number[] = x.shape.map((_, axis) => axis)): Value {
  return axes.length === 0
    ? x
    : apply(reduceSumOp, [x], { axes: normalizeAxes('ReduceSum', x, axes), keepdims: 0 });
}

/**
 * The gradient of broadcasting: sums `x` over the axes along which `shape` was repeated, so that the result
 * has `shape`.
 */
export function sumTo(x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x;
  const added = x.shape.length - shape.length;
  const leading = Array.from({ length: added }, (_, axis) => axis);
  const inner = shape.flatMap((size, axis) => (size === 1 && x.shape[axis + added] !== 1 ? [axis] : []));
  const summed = reduceSum(x, leading);
  return inner.length === 0 ? summed : apply(reduceSumOp, [summed], { axes: inner, keepdims: 1 });
}

function expandsTo(from: Shape, to: Shape): boolean {
  const added = to.length - from.length;
  return added >= 0 && from.every((size, axis) => size === 1 || size === to[axis + added]);
}
