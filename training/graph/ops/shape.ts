/** Operators on shapes and dtypes, not on values. They stop gradients. */
import type { Op, Shape, Value } from '../types.ts';
import { apply, int64s, scalar, shapeError, sizeOf } from '../value.ts';

/** ONNX `Shape`: the run-time shape of a value, int64 `[rank]`. */
export const shapeOp: Op = {
  type: 'Shape',
  infer: ([x]) => [{ dtype: 'int64', shape: [x!.shape.length] }],
  gradient: null,
  kernel: (tf, [x]) => [tf.tensor1d(x!.shape, 'int32')],
};

/** ONNX `Size`: the run-time number of elements, int64 `[]`. */
export const sizeOp: Op = {
  type: 'Size',
  infer: () => [{ dtype: 'int64', shape: [] }],
  gradient: null,
  kernel: (tf, [x]) => [tf.scalar(x!.size, 'int32')],
};

const DTYPES = { 1: 'float32', 7: 'int64' } as const; // as numbered in TensorProto.DataType
const [FLOAT, INT64] = [1, 7];

/** ONNX `Cast` between float32 and int64; towards int64 it drops the fraction. */
export const castOp: Op = {
  type: 'Cast',
  attributes: { to: 'int' },
  infer: ([x], { to }) => {
    const dtype = DTYPES[to as keyof typeof DTYPES];
    if (x!.dtype === dtype) throw shapeError('Cast', `needs a type other than ${dtype}`, [x!]);
    return [{ dtype, shape: x!.shape }];
  },
  gradient: null,
  kernel: (tf, [x], { to }) => [tf.cast(x!, to === FLOAT ? 'float32' : 'int32')],
};

/** Converts int64 to float32, exact up to 2^24; without gradient. */
export function toFloat32(x: Value): Value {
  return apply(castOp, [x], { to: FLOAT });
}

/** Converts float32 to int64 and drops the fraction; without gradient. */
export function toInt64(x: Value): Value {
  return apply(castOp, [x], { to: INT64 });
}

/** Returns the shape of `x` as an int64 vector: a constant if the shape is fixed. */
export function shapeOf(x: Value): Value {
  return isFixed(x.shape) ? int64s(x.shape) : apply(shapeOp, [x]);
}

/** Returns the number of elements of `x` as a float32 scalar: a constant if the shape is fixed. */
export function elementCount(x: Value): Value {
  return isFixed(x.shape) ? scalar(sizeOf(x.shape)) : toFloat32(apply(sizeOp, [x]));
}

/** True if every dimension is a number. */
export function isFixed(shape: Shape): shape is readonly number[] {
  return shape.every((dimension) => typeof dimension === 'number');
}

/**
 * Returns the static shape that an int64 shape operand represents; undefined if it is known only at run time.
 */
export function shapeHeldBy(operand: Value): Shape | undefined {
  if (operand.kind === 'constant') return Array.from(operand.tensor.data, Number);
  if (operand.kind === 'result' && operand.node.op === shapeOp) return operand.node.inputs[0]!.shape;
  return undefined;
}
