/** `Gather`: selection along an axis by index. */
import type { Op, Value } from '../types.ts';
import { apply, int64s, shapeError } from '../value.ts';
import { reduceSum } from './broadcast.ts';
import { pad } from './pad.ts';
import { reshapeTo } from './reshape.ts';

/** ONNX `Gather`: the dimension at `axis` is replaced with the dimensions of the int64 `indices`. */
export const gatherOp: Op = {
  type: 'Gather',
  attributes: { axis: 'int' },
  infer: ([x, indices], attributes) => {
    const axis = attributes.axis as number;
    if (indices!.dtype !== 'int64' || axis < 0 || axis >= x!.shape.length)
      throw shapeError('Gather', `needs int64 indices and an axis of the value, not axis ${axis}`, [
        x!,
        indices!,
      ]);
    return [{ dtype: x!.dtype, shape: x!.shape.toSpliced(axis, 1, ...indices!.shape) }];
  },
  gradient: (g, { inputs: [x, indices], attributes: { axis } }) => [
    scatterSum(g, indices!, x!, axis as number),
    undefined,
  ],
  kernel: (tf, [x, indices], { axis }) => [tf.gather(x!, tf.cast(indices!, 'int32'), axis as number)],
};

/** Selects slices of `x` along `axis` by int64 `indices`, whose dimensions replace the axis. */
export function gather(x: Value, indices: Value, axis: number): Value {
  return apply(gatherOp, [x, indices], { axis });
}

/**
 * The gradient of a gather: sums the slices of `g` that came from the same index. Itself a gather, of the
 * places where each index occurs, padded with an extra slice of zeros.
 */
function scatterSum(g: Value, indices: Value, x: Value, axis: number): Value {
  const size = x.shape[axis]!;
  if (indices.kind !== 'constant' || indices.shape.length !== 1 || typeof size !== 'number')
    throw shapeError('Gather', 'its gradient needs a constant vector of indices and a fixed axis', [
      x,
      indices,
    ]);
  const places = Array.from({ length: size }, (): number[] => []);
  indices.tensor.data.forEach((index: number | bigint, place: number) => {
    places[Number(index)]!.push(place);
  });
  const most = Math.max(1, ...places.map(({ length }) => length));
  const none = indices.tensor.data.length;
  const table = places.flatMap((own) => Array.from({ length: most }, (_, i) => own[i] ?? none));
  const rank = x.shape.length;
  const oneMore = Array.from({ length: 2 * rank }, (_, i) => (i === rank + axis ? 1 : 0));
  const picked = gather(pad(g, oneMore), int64s(table), axis);
  return reduceSum(reshapeTo(picked, x.shape.toSpliced(axis, 1, size, most)), [axis + 1]);
}
