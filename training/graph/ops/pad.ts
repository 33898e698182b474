/** `Pad`: padding with zeros, and cropping. */
import type { Op, Value } from '../types.ts';
import { apply, shapeError } from '../value.ts';
import { requireFloat32 } from './shapeRules.ts';

/**
 * ONNX `Pad` with zeros. `pads` are the sizes at the start of every axis, then at the end; negative sizes
 * crop.
 */
export const padOp: Op = {
  type: 'Pad',
  attributes: { pads: 'input' },
  infer: ([x], attributes) => {
    requireFloat32('Pad', [x!]);
    const pads = attributes.pads as readonly number[];
    const rank = x!.shape.length;
    const shape = x!.shape.map((size, axis) => {
      const added = pads[axis]! + pads[axis + rank]!;
      if (typeof size === 'number') return size + added;
      return pads[axis] === 0 && added === 0 ? size : Number.NaN;
    });
    if (pads.length !== 2 * rank || shape.some((size) => typeof size === 'number' && !(size > 0)))
      throw shapeError('Pad', `cannot be padded by [${pads}]`, [x!]);
    return [{ dtype: 'float32', shape }];
  },
  gradient: (g, { attributes }) => {
    return [
      pad(
        g,
        (attributes.pads as readonly number[]).map((size) => 0 - size),
      ),
    ];
  },
  kernel: (tf, [x], attributes) => {
    const pads = attributes.pads as readonly number[];
    const rank = x!.rank;
    const positive = x!.shape.map((_, axis): [number, number] => [
      Math.max(0, pads[axis]!),
      Math.max(0, pads[axis + rank]!),
    ]);
    const padded = tf.pad(x!, positive);
    const begin = x!.shape.map((_, axis) => Math.max(0, -pads[axis]!));
    const size = x!.shape.map((extent, axis) => extent + pads[axis]! + pads[axis + rank]!);
    return [tf.slice(padded, begin, size)];
  },
};

/**
 * Pads `x` with zeros. `pads` are the sizes at the start of every axis, then at the end; negative sizes crop.
 */
export function pad(x: Value, pads: readonly number[]): Value {
  return pads.every((size) => size === 0) ? x : apply(padOp, [x], { pads });
}
