/** Max pooling and its inverse, which puts values back at the positions of the maxima. */
import type * as tfjs from '@tensorflow/tfjs-core';
import type { Attributes, Op, Value } from '../types.ts';
import { apply, applyAll, float32, GraphError, shapeError } from '../value.ts';
import { gather } from './gather.ts';
import { reshape } from './reshape.ts';
import { shapeHeldBy, shapeOf } from './shape.ts';
import { requireFloat32 } from './shapeRules.ts';
import {
  areDisjoint,
  imageOf,
  imageTensorShape,
  type Pair,
  type Sliding,
  slidingAttributes,
  type Windows,
  windowCount,
  windowsOf,
} from './windows.ts';

const ATTRIBUTES = { kernel_shape: 'ints', strides: 'ints', pads: 'ints' } as const;

/** ONNX `MaxPool`: the maxima and, as int64, their positions in the flattened input. */
export const maxPoolOp: Op = {
  type: 'MaxPool',
  attributes: ATTRIBUTES,
  infer: ([x], attributes) => {
    requireFloat32('MaxPool', [x!]);
    const { batch, channels } = imageOf('MaxPool', x!);
    const shape = imageTensorShape(batch, channels, windowCount('MaxPool', x!, poolWindows(attributes)));
    return [
      { dtype: 'float32', shape },
      { dtype: 'int64', shape },
    ];
  },
  gradient: (g, { inputs: [x], outputs: [, positions], attributes }) => {
    const windows = poolWindows(attributes);
    if (!areDisjoint(windows)) {
      const { kernel, strides } = windows;
      throw new GraphError(
        `MaxPool: expected strides of at least the kernel, since the gradient of overlapping windows is not supported; received kernel ${kernel.join('x')} with strides ${strides.join('x')}`,
      );
    }
    return [apply(maxUnpoolOp, [g, positions!, shapeOf(x!)], attributes)];
  },
  kernel: (tf, [x], attributes) => {
    const { kernel, strides, pads } = poolWindows(attributes);
    const [batch, channels, height, width] = x!.shape as [number, number, number, number];
    const [top, left, bottom, right] = pads;
    const planes = tf.reshape(x!, [batch * channels, height, width, 1]) as tfjs.Tensor4D;
    const around: [number, number][] = [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ];
    const padded = tf.pad(planes, around, Number.NEGATIVE_INFINITY);
    const y = tf.maxPool(padded, [...kernel], [...strides], 'valid');
    const { indexes } = tf.maxPoolWithArgmax(padded, [...kernel], [...strides], 'valid', true) as {
      indexes: tfjs.Tensor;
    };
    // Converts positions in the padded images to positions in the images.
    const [tall, wide] = padded.shape.slice(1) as [number, number];
    const row = tf.floorDiv(indexes, tf.scalar(wide, 'int32'));
    const plane = tf.floorDiv(row, tf.scalar(tall, 'int32'));
    const y0 = tf.sub(tf.mod(row, tf.scalar(tall, 'int32')), tf.scalar(top, 'int32'));
    const x0 = tf.sub(tf.mod(indexes, tf.scalar(wide, 'int32')), tf.scalar(left, 'int32'));
    const inRow = tf.add(tf.mul(plane, tf.scalar(height, 'int32')), y0);
    const positions = tf.add(tf.mul(inRow, tf.scalar(width, 'int32')), x0);
    const shape = [batch, channels, y.shape[1], y.shape[2]];
    return [tf.reshape(y, shape), tf.reshape(positions, shape)];
  },
};

/**
 * ONNX `MaxUnpool`: zeros with values at given positions of the flattened result, whose shape is an int64
 * operand.
 */
export const maxUnpoolOp: Op = {
  type: 'MaxUnpool',
  attributes: ATTRIBUTES,
  infer: ([values, positions, shape]) => {
    const target = shapeHeldBy(shape!);
    if (target === undefined)
      throw shapeError('MaxUnpool', 'the shape must be a constant or a Shape', [values!, positions!, shape!]);
    return float32(target);
  },
  gradient: (g, { inputs: [, positions] }) => [gather(reshape(g, [-1]), positions!, 0), undefined, undefined],
  kernel: (tf, [values, positions, shape]) => {
    const target = Array.from(shape!.dataSync());
    const size = target.reduce((product, each) => product * each, 1);
    const flat = tf.reshape(positions!, [-1]) as tfjs.Tensor1D;
    return [tf.reshape(tf.unsortedSegmentSum(tf.reshape(values!, [-1]), flat, size), target)];
  },
};

/** Returns the maximum of every window of `kernel` pixels of `x [N, C, H, W]`; padding does not count. */
export function maxPool(x: Value, kernel: Pair, sliding: Omit<Sliding, 'dilations'> = {}): Value {
  return maxPoolWithPositions(x, kernel, sliding)[0]!;
}

/** Returns the maxima, and their int64 positions in the flattened `x`. */
export function maxPoolWithPositions(
  x: Value,
  kernel: Pair,
  sliding: Omit<Sliding, 'dilations'> = {},
): readonly Value[] {
  const { strides, pads } = slidingAttributes(sliding);
  return applyAll(maxPoolOp, [x], { kernel_shape: kernel, strides, pads });
}

function poolWindows(attributes: Attributes): Windows {
  return windowsOf(attributes, attributes.kernel_shape as unknown as Pair);
}
