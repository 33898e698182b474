/**
 * Average pooling and nearest-neighbour upsampling. For windows that tile the image, each is the gradient of
 * the other.
 */
import type * as tfjs from '@tensorflow/tfjs-core';
import type { Op, Value } from '../types.ts';
import { apply, constant, float32, scalar, shapeError } from '../value.ts';
import { mul } from './arithmetic.ts';
import { convTranspose } from './conv.ts';
import { reshape } from './reshape.ts';
import { requireFloat32 } from './shapeRules.ts';
import {
  forEachTap,
  imageOf,
  imageTensorShape,
  type Pair,
  type Sliding,
  slidingAttributes,
  unreached,
  type Windows,
  windowCount,
  windowsOf,
} from './windows.ts';

/** ONNX `AveragePool`; padding is not included in the averages. */
export const averagePoolOp: Op = {
  type: 'AveragePool',
  attributes: { kernel_shape: 'ints', strides: 'ints', pads: 'ints' },
  infer: ([x], attributes) => {
    requireFloat32('AveragePool', [x!]);
    const { batch, channels } = imageOf('AveragePool', x!);
    const windows = windowsOf(attributes, attributes.kernel_shape as unknown as Pair);
    return float32(imageTensorShape(batch, channels, windowCount('AveragePool', x!, windows)));
  },
  gradient: (g, { inputs: [x], attributes }) => {
    const windows = windowsOf(attributes, attributes.kernel_shape as unknown as Pair);
    return [spread(g, imageOf('AveragePool', x!).size, windows)];
  },
  kernel: (tf, [x], attributes) => {
    const windows = windowsOf(attributes, attributes.kernel_shape as unknown as Pair);
    const [batch, channels, height, width] = x!.shape as [number, number, number, number];
    const [top, left, bottom, right] = windows.pads;
    const planes = tf.reshape(x!, [batch * channels, height, width, 1]) as tfjs.Tensor4D;
    const padded = tf.pad(planes, [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ]);
    const averages = tf.avgPool(padded, [...windows.kernel], [...windows.strides], 'valid');
    const [, rows, columns] = averages.shape;
    const [tall, wide] = windows.kernel;
    const shares = sharesOf(windows, [height, width], [rows, columns]).map((share) => share * tall * wide);
    const y = tf.reshape(averages, [batch, channels, rows, columns]);
    return [tf.mul(y, tf.tensor(shares, [1, 1, rows, columns]))];
  },
};

/** ONNX `Resize` by nearest neighbour, with integer factors of height and width. */
export const resizeOp: Op = {
  type: 'Resize',
  infer: ([x, region, scales]) => {
    requireFloat32('Resize', [x!]);
    const { batch, channels, size } = imageOf('Resize', x!);
    const [n, c, ...factors] = scales?.kind === 'constant' ? Array.from(scales.tensor.data, Number) : [];
    if (n !== 1 || c !== 1 || !factors.every((factor) => Number.isInteger(factor) && factor > 0))
      throw shapeError('Resize', 'needs constant scales with integer factors', [x!, region!, scales!]);
    return float32(imageTensorShape(batch, channels, [size[0] * factors[0]!, size[1] * factors[1]!]));
  },
  gradient: (g, { inputs: [x] }) => {
    const { size } = imageOf('Resize', x!);
    const larger = imageOf('Resize', g).size;
    const factors: Pair = [larger[0] / size[0], larger[1] / size[1]];
    const sums = mul(averagePool(g, factors, { strides: factors }), scalar(factors[0] * factors[1]));
    return [sums, undefined, undefined];
  },
  kernel: (tf, [x, , scales]) => {
    const [batch, channels, height, width] = x!.shape as [number, number, number, number];
    const [, , down, right] = scales!.dataSync() as Float32Array;
    // In TensorFlow.js 4.22, the gradient of resizeNearestNeighbor is wrong for more than one image, and
    // broadcastTo has no gradient for five dimensions.
    const apart = tf.reshape(x!, [batch * channels, height, 1, width, 1]);
    const repeated = tf.mul(apart, tf.ones([1, 1, down!, 1, right!]));
    return [tf.reshape(repeated, [batch, channels, height * down!, width * right!])];
  },
};

/** Averages `x [N, C, H, W]` over windows of `kernel` pixels; padding is not included in the averages. */
export function averagePool(x: Value, kernel: Pair, sliding: Omit<Sliding, 'dilations'> = {}): Value {
  const { strides, pads } = slidingAttributes(sliding);
  return apply(averagePoolOp, [x], { kernel_shape: kernel, strides, pads });
}

/** Repeats every pixel of `x [N, C, H, W]` `factors` times, vertically and horizontally. */
export function upsample(x: Value, factors: Pair): Value {
  const noRegion = constant({ dtype: 'float32', shape: [0], data: new Float32Array() });
  const scales = constant({ dtype: 'float32', shape: [4], data: Float32Array.of(1, 1, ...factors) });
  return apply(resizeOp, [x, noRegion, scales]);
}

/** The gradient of average pooling: adds up, for every pixel, its shares of the gradients of its windows. */
function spread(g: Value, size: Pair, windows: Windows): Value {
  const { channels, size: count } = imageOf('AveragePool', g);
  const { kernel, strides, pads } = windows;
  const isTiling = kernel.every((each, i) => each === strides[i] && each * count[i]! === size[i]);
  if (isTiling && pads.every((each) => each === 0))
    return mul(upsample(g, kernel), scalar(1 / (kernel[0] * kernel[1])));
  const data = Float32Array.from(sharesOf(windows, size, count));
  const shared = mul(g, constant({ dtype: 'float32', shape: [1, 1, ...count], data }));
  const ones = new Float32Array(kernel[0] * kernel[1]).fill(1);
  const planes = convTranspose(
    reshape(shared, [-1, 1, ...count]),
    constant({ dtype: 'float32', shape: [1, 1, ...kernel], data: ones }),
    { ...windows, outputPadding: unreached(windows, size, count) },
  );
  return reshape(planes, [-1, channels, ...size]);
}

/** Returns 1 / the number of pixels in each window, without padding. */
function sharesOf(windows: Windows, size: Pair, count: Pair): number[] {
  const pixels = new Array<number>(count[0] * count[1]).fill(0);
  forEachTap(windows, size, count, (_, window) => {
    pixels[window]!++;
  });
  return pixels.map((each) => 1 / each);
}
