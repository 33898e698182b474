/** Convolution and transposed convolution of images `[N, channels, H, W]`, each the gradient of the other. */
import type * as tfjs from '@tensorflow/tfjs-core';
import type { Attributes, Op, Tfjs, Value } from '../types.ts';
import { apply, float32, shapeError } from '../value.ts';
import { reduceSum } from './broadcast.ts';
import { weightGradient } from './convWeights.ts';
import { requireFloat32 } from './shapeRules.ts';
import {
  imageOf,
  imageTensorShape,
  type Pair,
  reach,
  type Sliding,
  slidingAttributes,
  transposedSize,
  unreached,
  type Windows,
  windowCount,
  windowsOf,
} from './windows.ts';

const SLIDING = { strides: 'ints', pads: 'ints', dilations: 'ints' } as const;

/**
 * ONNX `Conv` of `x [N, C, H, W]` with `weight [F, C, kernel height, kernel width]` and `bias [F]`, in one
 * group.
 */
export const convOp: Op = {
  type: 'Conv',
  attributes: SLIDING,
  infer: (inputs, attributes) => {
    const [x, weight, bias] = inputs;
    const { batch, channels } = imageOf('Conv', x!);
    const [filters] = checkWeight('Conv', inputs, channels, 1);
    if (bias !== undefined) checkBias('Conv', bias, filters);
    const count = windowCount('Conv', x!, windowsOf(attributes, imageOf('Conv', weight!).size));
    return float32(imageTensorShape(batch, filters, count));
  },
  gradient: (g, { inputs: [x, weight, bias], attributes }) => {
    const windows = windowsOf(attributes, imageOf('Conv', weight!).size);
    const outputPadding = unreached(windows, imageOf('Conv', x!).size, imageOf('Conv', g).size);
    const perX = convTranspose(g, weight!, { ...windows, outputPadding });
    return [perX, weightGradient(x!, g, windows), ...perBias(g, bias)];
  },
  kernel: (tf, [x, weight, bias], attributes) => {
    const windows = kernelWindows(weight!, attributes);
    const [top, left, bottom, right] = windows.pads;
    const image = tf.transpose(x as tfjs.Tensor4D, [0, 2, 3, 1]);
    const padded = tf.pad(image, [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ]);
    const y = tf.conv2d(padded, kernelFilter(tf, weight!, windows), [...windows.strides], 'valid');
    return [tf.transpose(withBias(tf, y, bias), [0, 3, 1, 2])];
  },
};

/**
 * ONNX `ConvTranspose` of `x [N, F, H, W]` with `weight [F, C, kernel height, kernel width]` and `bias [C]`,
 * in one group: the sum of the windows that every pixel of x contributes.
 */
export const convTransposeOp: Op = {
  type: 'ConvTranspose',
  attributes: { ...SLIDING, output_padding: 'ints' },
  infer: (inputs, attributes) => {
    const [x, weight, bias] = inputs;
    const { batch, channels, size } = imageOf('ConvTranspose', x!);
    const [, produced] = checkWeight('ConvTranspose', inputs, channels, 0);
    if (bias !== undefined) checkBias('ConvTranspose', bias, produced);
    const windows = windowsOf(attributes, imageOf('ConvTranspose', weight!).size);
    const outputPadding = attributes.output_padding as Pair;
    if (outputPadding.some((each, axis) => each < 0 || each >= windows.strides[axis]!))
      throw shapeError(
        'ConvTranspose',
        `needs output padding below the strides, not [${outputPadding}]`,
        inputs,
      );
    const larger = transposedSize(windows, size, outputPadding);
    if (larger.some((each) => each < 1))
      throw shapeError('ConvTranspose', 'the padding removes the whole image', inputs);
    return float32(imageTensorShape(batch, produced, larger));
  },
  gradient: (g, { inputs: [x, weight, bias], attributes }) => {
    const windows = windowsOf(attributes, imageOf('ConvTranspose', weight!).size);
    return [conv(g, weight!, windows), weightGradient(g, x!, windows), ...perBias(g, bias)];
  },
  kernel: (tf, [x, weight, bias], attributes) => {
    const windows = kernelWindows(weight!, attributes);
    const { pads } = windows;
    const image = tf.transpose(x as tfjs.Tensor4D, [0, 2, 3, 1]);
    const [batch, rows, columns] = image.shape;
    const size = transposedSize(windows, [rows, columns], attributes.output_padding as Pair);
    const whole: [number, number, number, number] = [
      batch,
      size[0] + pads[0] + pads[2],
      size[1] + pads[1] + pads[3],
      weight!.shape[1]!,
    ];
    const filter = kernelFilter(tf, weight!, windows);
    const spread = tf.conv2dTranspose(image, filter, whole, [...windows.strides], 'valid');
    const y = tf.slice(spread, [0, pads[0], pads[1], 0], [batch, ...size, whole[3]]);
    return [tf.transpose(withBias(tf, y, bias), [0, 3, 1, 2])];
  },
};

export interface ConvOptions extends Sliding {
  /** One number per output channel. */
  readonly bias?: Value;
}

export interface ConvTransposeOptions extends ConvOptions {
  /** Rows and columns that no window covers, added at the end; less than the strides, 0 by default. */
  readonly outputPadding?: Pair;
}

/**
 * Convolves `x [N, C, H, W]` with `weight [F, C, kernel height, kernel width]` to `[N, F, rows, columns]`.
 */
export function conv(x: Value, weight: Value, { bias, ...sliding }: ConvOptions = {}): Value {
  return apply(convOp, withOptional([x, weight], bias), slidingAttributes(sliding));
}

/**
 * Transposed convolution of `x [N, F, rows, columns]` with `weight [F, C, kernel height, kernel width]` to
 * `[N, C, H, W]`.
 */
export function convTranspose(
  x: Value,
  weight: Value,
  { bias, outputPadding = [0, 0], ...sliding }: ConvTransposeOptions = {},
): Value {
  const attributes = { ...slidingAttributes(sliding), output_padding: outputPadding };
  return apply(convTransposeOp, withOptional([x, weight], bias), attributes);
}

function withOptional(inputs: readonly Value[], bias: Value | undefined): readonly Value[] {
  return bias === undefined ? inputs : [...inputs, bias];
}

function perBias(g: Value, bias: Value | undefined): Value[] {
  return bias === undefined ? [] : [reduceSum(g, [0, 2, 3])];
}

/** Returns the two channel counts of a weight and checks that the one at `axis` is the image's. */
function checkWeight(op: string, inputs: readonly Value[], channels: number, axis: 0 | 1): Pair {
  requireFloat32(op, inputs);
  const { batch, channels: second } = imageOf(op, inputs[1]!);
  const counts = [batch, second] as Pair;
  if (typeof batch !== 'number' || counts[axis] !== channels)
    throw shapeError(op, `the weight is not for ${channels} channels`, inputs);
  return counts;
}

function checkBias(op: string, bias: Value, channels: number): void {
  if (bias.shape.length !== 1 || bias.shape[0] !== channels)
    throw shapeError(op, `needs a bias of ${channels}`, [bias]);
}

function kernelWindows(weight: tfjs.Tensor, attributes: Attributes): Windows {
  const [, , height, width] = weight.shape as [number, number, number, number];
  return windowsOf(attributes, [height, width]);
}

/** Converts a weight to TensorFlow.js's layout `[height, width, C, F]`, with dilations expanded to zeros. */
function kernelFilter(tf: Tfjs, weight: tfjs.Tensor, windows: Windows): tfjs.Tensor4D {
  const [filters, channels] = weight.shape as [number, number];
  const { kernel, dilations } = windows;
  const filter = tf.transpose(weight as tfjs.Tensor4D, [2, 3, 1, 0]);
  const apart = tf.reshape(filter, [kernel[0], 1, kernel[1], 1, channels * filters]);
  const spread = tf.pad(apart, [
    [0, 0],
    [0, dilations[0] - 1],
    [0, 0],
    [0, dilations[1] - 1],
    [0, 0],
  ]);
  const dilated = [kernel[0] * dilations[0], kernel[1] * dilations[1]] as const;
  const whole = tf.reshape(spread, [...dilated, channels, filters]) as tfjs.Tensor4D;
  return tf.slice(whole, [0, 0, 0, 0], [...reach(windows), channels, filters]);
}

function withBias(tf: Tfjs, y: tfjs.Tensor4D, bias: tfjs.Tensor | undefined): tfjs.Tensor4D {
  return bias === undefined ? y : tf.add(y, bias);
}
