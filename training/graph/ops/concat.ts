/** `Concat` and `Split`: joining values along an axis and splitting them, each the gradient of the other. */
import type { Op, Value } from '../types.ts';
import { apply, applyAll, float32, sameShape, scalar, shapeError } from '../value.ts';
import { expand } from './broadcast.ts';
import { requireFloat32 } from './shapeRules.ts';

/** ONNX `Concat` of values whose shapes differ only in the size of `axis`, which must be fixed. */
export const concatOp: Op = {
  type: 'Concat',
  attributes: { axis: 'int' },
  infer: (inputs, attributes) => {
    requireFloat32('Concat', inputs);
    const axis = attributes.axis as number;
    const [first] = inputs;
    const around = first!.shape.toSpliced(axis, 1);
    const fits = ({ shape }: Value) =>
      typeof shape[axis] === 'number' && sameShape(shape.toSpliced(axis, 1), around);
    if (!inputs.every(fits)) throw shapeError('Concat', `cannot be joined along axis ${axis}`, inputs);
    return float32(
      first!.shape.with(
        axis,
        sizesAlong(inputs, axis).reduce((sum, size) => sum + size, 0),
      ),
    );
  },
  gradient: (g, { inputs, attributes }) => {
    const axis = attributes.axis as number;
    return split(g, sizesAlong(inputs, axis), axis);
  },
  kernel: (tf, inputs, { axis }) => [tf.concat([...inputs], axis as number)],
};

/** ONNX `Split` along `axis` into parts with the sizes in `split`. */
export const splitOp: Op = {
  type: 'Split',
  attributes: { axis: 'int', split: 'input' },
  outputsRequired: true,
  infer: ([x], attributes) => {
    requireFloat32('Split', [x!]);
    const axis = attributes.axis as number;
    const sizes = attributes.split as readonly number[];
    if (sizes.reduce((sum, size) => sum + size, 0) !== x!.shape[axis])
      throw shapeError('Split', `cannot be split into sizes [${sizes}] along axis ${axis}`, [x!]);
    return sizes.flatMap((size) => float32(x!.shape.with(axis, size)));
  },
  gradient: {
    ofOutputs: (gs, { outputs, attributes }) => [
      concat(
        gs.map((g, i) => g ?? zerosLike(outputs[i]!)),
        attributes.axis as number,
      ),
    ],
  },
  kernel: (tf, [x], { axis, split }) => tf.split(x!, [...(split as readonly number[])], axis as number),
};

/** Joins values along `axis`. */
export function concat(parts: readonly Value[], axis: number): Value {
  return apply(concatOp, parts, { axis });
}

/** Splits `x` along `axis` into parts of the given sizes. */
export function split(x: Value, sizes: readonly number[], axis: number): readonly Value[] {
  return applyAll(splitOp, [x], { axis, split: sizes });
}

export function zerosLike(x: Value): Value {
  return expand(scalar(0), x);
}

function sizesAlong(values: readonly Value[], axis: number): readonly number[] {
  return values.map(({ shape }) => shape[axis] as number);
}
