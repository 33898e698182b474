/**
 * Convolutions of whole batches as matrix products. An image of a batch is `[C, H * W * N]`: with the batch as the last
 * axis, the pixels under one tap of a kernel are contiguous, and collecting them is a gather of long blocks.
 */
import type { Value } from '../types.ts';
import { int64s } from '../value.ts';
import { add } from './arithmetic.ts';
import { reduceSum } from './broadcast.ts';
import { concat } from './concat.ts';
import { gather } from './gather.ts';
import { gemm } from './gemm.ts';
import { pad } from './pad.ts';
import { reshape } from './reshape.ts';
import { unsqueeze } from './squeeze.ts';
import { transpose } from './transpose.ts';
import { area, forEachTap, type ImageDimensions, pixelsUnderTaps, type Windows } from './windows.ts';

/** Channels and size of the images on either side of a convolution. */
export interface Sides {
  readonly from: ImageDimensions;
  readonly to: ImageDimensions;
  readonly windows: Windows;
}

/**
 * The convolution of `x [C, H * W * N]` with `weight [F, C, kernel height, kernel width]` and `bias [F]`, as
 * `[F, rows * columns * N]`.
 */
export function convProduct(x: Value, [weight, bias]: readonly Value[], { from, to, windows }: Sides): Value {
  const taps = area(windows.kernel);
  const seen = pixelsUnderTaps(windows, from.size, to.size);
  const collected = collect(x, from, seen, from.channels * taps);
  return gemm(reshape(weight!, [to.channels, from.channels * taps]), collected, biasOf(bias));
}

/**
 * The transposed convolution of `x [F, rows * columns * N]` with `weight [F, C, kernel height, kernel width]` and
 * `bias [C]`, as `[C, H * W * N]`. Either every window spreads products over its pixels, which are then added up, or
 * every pixel collects the windows that it is in, whichever moves fewer numbers.
 */
export function convTransposeProduct(x: Value, [weight, bias]: readonly Value[], sides: Sides): Value {
  const { from, to, windows } = sides;
  const taps = area(windows.kernel);
  const places = area(from.size);
  const touching = windowsOverPixels(sides);
  const most = Math.max(1, ...touching.map(({ length }) => length));
  const spread = to.channels * (taps * places + (most + 1) * touching.length);
  const collected = from.channels * taps * places + 2 * to.channels * touching.length;
  const parts = { x, weight: weight!, bias, touching, most };
  return spread < collected ? spreadProducts(parts, sides) : collectedProducts(parts, sides);
}

/**
 * Gathers pixels of `x [C, H * W * N]` at `indices` to `[rows, ... * N]`; the index H * W stands for a 0.
 */
function collect(
  x: Value,
  { channels, size }: ImageDimensions,
  indices: readonly number[],
  rows: number,
): Value {
  const pixels = reshape(x, [channels, area(size), -1]);
  return reshape(gather(pad(pixels, [0, 0, 0, 0, 1, 0]), int64s(indices), 1), [rows, -1]);
}

interface Touch {
  readonly tap: number;
  readonly window: number;
}

interface TransposeParts {
  readonly x: Value;
  readonly weight: Value;
  readonly bias: Value | undefined;
  /** For every pixel of the result, the windows over it. */
  readonly touching: readonly (readonly Touch[])[];
  /** Most windows over a pixel. */
  readonly most: number;
}

function windowsOverPixels({ from, to, windows }: Sides): Touch[][] {
  const touching = Array.from({ length: area(to.size) }, (): Touch[] => []);
  forEachTap(windows, to.size, from.size, (tap, window, pixel) => {
    touching[pixel]!.push({ tap, window });
  });
  return touching;
}

function spreadProducts({ x, weight, bias, touching, most }: TransposeParts, sides: Sides): Value {
  const { from, to, windows } = sides;
  const taps = area(windows.kernel);
  const places = area(from.size);
  const products = gemm(reshape(weight, [from.channels, to.channels * taps]), x, { transA: true });
  const at = touching.flatMap((own) =>
    Array.from({ length: most }, (_, i) => {
      const touch = own[i];
      return touch === undefined ? taps * places : touch.tap * places + touch.window;
    }),
  );
  const image = { ...to, size: [taps, places] as const };
  const picked = reshape(collect(products, image, at, to.channels), [to.channels, touching.length, most, -1]);
  const sums = reshape(reduceSum(picked, [2]), [to.channels, -1]);
  return bias === undefined ? sums : add(sums, unsqueeze(bias, [1]));
}

/** With strides, only some taps of the kernel reach a pixel: those that reach the same taps share a product. */
function collectedProducts({ x, weight, bias, touching }: TransposeParts, sides: Sides): Value {
  const { from, to, windows } = sides;
  const groups = new Map<string, number[]>();
  touching.forEach((_, pixel) => {
    const [y, column] = [Math.floor(pixel / to.size[1]), pixel % to.size[1]];
    const phase = `${y % windows.strides[0]},${column % windows.strides[1]}`;
    groups.set(phase, [...(groups.get(phase) ?? []), pixel]);
  });
  const byTap = transpose(reshape(weight, [from.channels, to.channels, -1]), [1, 0, 2]);
  const order = [...groups.values()];
  const parts = order.map((pixels) => {
    const reaching = new Set(pixels.flatMap((pixel) => touching[pixel]!.map(({ tap }) => tap)));
    // Between strides that are larger than the kernel, there is only padding under any tap.
    const taps = reaching.size === 0 ? [0] : [...reaching].toSorted((a, b) => a - b);
    const windowAt = (tap: number, pixel: number) =>
      touching[pixel]!.find((each) => each.tap === tap)?.window;
    const at = taps.flatMap((tap) => pixels.map((pixel) => windowAt(tap, pixel) ?? area(from.size)));
    const rows = from.channels * taps.length;
    const own = reshape(gather(byTap, int64s(taps), 2), [to.channels, rows]);
    return reshape(gemm(own, collect(x, from, at, rows), biasOf(bias)), [to.channels, pixels.length, -1]);
  });
  if (parts.length === 1) return reshape(parts[0]!, [to.channels, -1]);
  const place = new Array<number>(touching.length);
  order.flat().forEach((pixel, i) => {
    place[pixel] = i;
  });
  return reshape(gather(concat(parts, 1), int64s(place), 1), [to.channels, -1]);
}

function biasOf(bias: Value | undefined) {
  return bias === undefined ? {} : { bias: unsqueeze(bias, [1]) };
}
