/** The gradient of a convolution with respect to its weights. */
import type { Value } from '../types.ts';
import { int64s } from '../value.ts';
import { gather } from './gather.ts';
import { gemm } from './gemm.ts';
import { pad } from './pad.ts';
import { reshape } from './reshape.ts';
import { transpose } from './transpose.ts';
import { forEachTap, imageOf, type Pair, type Windows } from './windows.ts';

/**
 * The gradient `[F, C, kernel height, kernel width]` of the weights that take images `x [N, C, H, W]` to
 * `y [N, F, rows, columns]`, given `g`, the gradient with respect to y.
 *
 * With the batch as the last axis, the pixels that one tap of the kernel sees are whole runs of memory, so collecting
 * them is a gather of long blocks, and the sum over all windows and images is one long matrix product. Against the usual
 * formulation, a convolution of the transposed x by the transposed g with dilations = strides, 1.8 ms instead of 5.5 ms
 * for 256 images of 16 x 14 x 14 to 8 x 7 x 7 (onnxruntime 1.30, one thread). It costs the memory of what is collected.
 * Either x is collected for every window, or g for every pixel, whichever is less.
 */
export function weightGradient(x: Value, g: Value, windows: Windows): Value {
  const from = imageOf('Conv', x);
  const to = imageOf('Conv', g);
  const [height, width] = windows.kernel;
  const taps = height * width;
  const pixels = area(from.size);
  const count = area(to.size);
  if (from.channels * count <= to.channels * pixels) {
    const seen = new Array<number>(taps * count).fill(pixels);
    forEachTap(windows, from.size, to.size, (tap, window, pixel) => {
      seen[tap * count + window] = pixel;
    });
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

/** `[N, C, H, W]` to `[C, H * W * N]`. */
function channelRows(x: Value): Value {
  return reshape(batchLast(x), [imageOf('Conv', x).channels, -1]);
}

/** `[N, C, H, W]` to `[C * taps, places * N]`: the pixels at `indices [taps * places]`, where one past the last is 0. */
function collect(x: Value, indices: readonly number[], taps: number): Value {
  const withZero = pad(batchLast(x), [0, 0, 0, 0, 1, 0]);
  return reshape(gather(withZero, int64s(indices), 1), [imageOf('Conv', x).channels * taps, -1]);
}

/** `[N, C, H, W]` to `[C, H * W, N]`. */
function batchLast(x: Value): Value {
  const { channels, size } = imageOf('Conv', x);
  const features = channels * area(size);
  return reshape(transpose(reshape(x, [0, features]), [1, 0]), [channels, area(size), -1]);
}

function area([height, width]: Pair): number {
  return height * width;
}
