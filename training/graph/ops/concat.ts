/** `Concat`: values side by side. */
import type { Op, Value } from '../types.ts';
import { apply, float32, sameShape, shapeError } from '../value.ts';
import { pad } from './pad.ts';
import { requireFloat32 } from './shapes.ts';

/** ONNX `Concat` along `axis`, whose sizes are fixed; along the other axes the values have the same sizes. */
export const concatOp: Op = {
  type: 'Concat',
  attributes: { axis: 'int' },
  infer: (inputs, attributes) => {
    requireFloat32('Concat', inputs);
    const axis = attributes.axis as number;
    const first = inputs[0]!.shape;
    const sizes = inputs.map(({ shape }) => shape[axis]);
    const fits = inputs.every(({ shape }) => sameShape(shape.with(axis, 0), first.with(axis, 0)));
    if (!fits || !sizes.every((size) => typeof size === 'number'))
      throw shapeError('Concat', `cannot be joined along axis ${axis}`, inputs);
    return float32(
      first.with(
        axis,
        sizes.reduce((sum, size) => sum + size, 0),
      ),
    );
  },
  gradient: (g, { inputs, attributes }) => {
    const axis = attributes.axis as number;
    const rank = g.shape.length;
    let before = 0;
    return inputs.map(({ shape }) => {
      const size = shape[axis] as number;
      const pads = new Array<number>(2 * rank).fill(0);
      pads[axis] = 0 - before;
      pads[axis + rank] = before + size - (g.shape[axis] as number);
      before += size;
      return pad(g, pads);
    });
  },
  kernel: (tf, inputs, { axis }) => [tf.concat([...inputs], axis as number)],
};

/** The values one after the other along `axis`. */
export function concat(values: readonly Value[], axis: number): Value {
  return apply(concatOp, values, { axis });
}
