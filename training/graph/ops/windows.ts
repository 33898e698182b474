/** The geometry of windows that slide over images, shared by convolutions and pooling. */
import type { Attributes, Dimension, Shape, Value } from '../types.ts';
import { shapeError } from '../value.ts';

/** Numbers for the vertical and the horizontal axis. */
export type Pair = readonly [number, number];

export interface Sliding {
  /** Distance between neighbouring windows, 1 by default. */
  readonly strides?: Pair;
  /** Padding around the image: top, left, bottom, right; none by default. */
  readonly pads?: readonly [number, number, number, number];
  /** Distance between neighbouring pixels of a window, 1 by default. */
  readonly dilations?: Pair;
}

export interface Windows extends Required<Sliding> {
  readonly kernel: Pair;
}

export interface ImageDimensions {
  readonly batch: Dimension;
  readonly channels: number;
  /** Height and width. */
  readonly size: Pair;
}

/** Returns ONNX's attributes with all defaults filled in. */
export function slidingAttributes({ strides = [1, 1], pads = [0, 0, 0, 0], dilations = [1, 1] }: Sliding) {
  return { strides, pads, dilations };
}

/** Returns the windows that a node's attributes describe. */
export function windowsOf(attributes: Attributes, kernel: Pair): Windows {
  const { strides, pads, dilations = [1, 1] } = attributes;
  return { kernel, strides, pads, dilations } as unknown as Windows;
}

/**
 * Reads the dimensions of images `[batch, channels, height, width]`.
 * @throws {GraphError} if the shape differs, or a dimension other than the batch is symbolic.
 */
export function imageOf(op: string, value: Value): ImageDimensions {
  const [batch, ...sizes] = value.shape;
  if (value.shape.length !== 4 || sizes.some((size) => typeof size !== 'number'))
    throw shapeError(op, 'needs [batch, channels, height, width] with a fixed image size', [value]);
  const [channels, height, width] = sizes as [number, number, number];
  return { batch: batch!, channels, size: [height, width] };
}

export function perAxis(of: (axis: 0 | 1) => number): Pair {
  return [of(0), of(1)];
}

/** Returns the extent of a window in pixels, including the gaps of dilation. */
export function reach({ kernel, dilations }: Windows): Pair {
  return perAxis((axis) => dilations[axis] * (kernel[axis] - 1) + 1);
}

/**
 * Returns the number of windows in the padded image, vertically and horizontally.
 * @throws {GraphError} if not a single window fits.
 */
export function windowCount(op: string, x: Value, windows: Windows): Pair {
  const { size } = imageOf(op, x);
  const { strides, pads } = windows;
  const reached = reach(windows);
  const count = perAxis(
    (axis) => Math.floor((size[axis] + pads[axis] + pads[axis + 2]! - reached[axis]) / strides[axis]) + 1,
  );
  if (count.some((each) => each < 1))
    throw shapeError(op, `a window of ${reached.join('x')} does not fit`, [x]);
  return count;
}

/** Returns the size of a transposed convolution's result: the inverse of `windowCount`. */
export function transposedSize(windows: Windows, count: Pair, outputPadding: Pair): Pair {
  const { strides, pads } = windows;
  const reached = reach(windows);
  return perAxis(
    (axis) =>
      strides[axis] * (count[axis] - 1) + outputPadding[axis] + reached[axis] - pads[axis] - pads[axis + 2]!,
  );
}

/** Returns the number of rows and columns at the end of an image that no window covers. */
export function unreached(windows: Windows, size: Pair, count: Pair): Pair {
  const reachedSize = transposedSize(windows, count, [0, 0]);
  return perAxis((axis) => size[axis] - reachedSize[axis]);
}

/** True if no pixel belongs to two windows. */
export function areDisjoint(windows: Windows): boolean {
  const reached = reach(windows);
  return reached.every((each, axis) => each <= windows.strides[axis]!);
}

/** Calls `visit` for every pixel of every window, except padding. All positions are row-major. */
export function forEachTap(
  { kernel, strides, pads, dilations }: Windows,
  [height, width]: Pair,
  [rows, columns]: Pair,
  visit: (tap: number, window: number, pixel: number) => void,
): void {
  for (let tap = 0; tap < kernel[0] * kernel[1]; tap++) {
    const down = dilations[0] * Math.floor(tap / kernel[1]) - pads[0];
    const right = dilations[1] * (tap % kernel[1]) - pads[1];
    for (let window = 0; window < rows * columns; window++) {
      const y = strides[0] * Math.floor(window / columns) + down;
      const x = strides[1] * (window % columns) + right;
      if (y >= 0 && y < height && x >= 0 && x < width) visit(tap, window, y * width + x);
    }
  }
}

/** Returns, for every tap and window, the pixel there, and height * width where there is only padding. */
export function pixelsUnderTaps(windows: Windows, size: Pair, count: Pair): readonly number[] {
  const seen = new Array<number>(area(windows.kernel) * area(count)).fill(area(size));
  forEachTap(windows, size, count, (tap, window, pixel) => {
    seen[tap * area(count) + window] = pixel;
  });
  return seen;
}

export function area([height, width]: Pair): number {
  return height * width;
}

/** Returns `[batch, channels, height, width]`. */
export function imageTensorShape(batch: Dimension, channels: number, [height, width]: Pair): Shape {
  return [batch, channels, height, width];
}
