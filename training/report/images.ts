/** Renders values as images, returned as data URIs. */
import type { NullableFigures } from '../evaluate/evidence/evaluation.ts';
import { png } from './png.ts';

type Rgb = readonly [number, number, number];

export interface ImageShape {
  readonly height: number;
  readonly width: number;
  /** Size of the last axis: 1 for grey, 3 for red, green and blue. */
  readonly channels: number;
}

/** Image shape of `[height, width]` or `[height, width, channels]`. */
export function imageShape([height = 1, width = 1, channels = 1]: readonly number[]): ImageShape {
  return { height, width, channels };
}

/** Values drawn as black (`low`) and as white or full colour (`high`). */
type ValueRange = readonly [low: number, high: number];

/** Image of values in row-major order; a missing value is black. */
export function picture(
  values: NullableFigures | Float32Array,
  { height, width, channels }: ImageShape,
  [low, high]: ValueRange,
): string {
  const pixels = new Uint8Array(height * width * 4);
  for (let i = 0; i < height * width; i++) {
    for (let channel = 0; channel < 3; channel++) {
      const value = values[i * channels + (channel % channels)] ?? low;
      pixels[4 * i + channel] = Math.round(255 * clamp((value - low) / (high - low || 1)));
    }
    pixels[4 * i + 3] = 255;
  }
  return png(pixels, height, width);
}

/** Arranges consecutive images of one shape in a grid with the given number of columns. */
export function mosaic(values: Float32Array, shape: ImageShape, columns: number, range: ValueRange): string {
  const { height, width, channels } = shape;
  const line = width * channels;
  const images = values.length / (height * line);
  const rows = Math.ceil(images / columns);
  const whole = new Float32Array(rows * columns * height * line).fill(range[0]);
  for (let image = 0; image < images; image++) {
    const [row, column] = [Math.floor(image / columns), image % columns];
    for (let y = 0; y < height; y++) {
      const from = (image * height + y) * line;
      whole.set(values.subarray(from, from + line), ((row * height + y) * columns + column) * line);
    }
  }
  return picture(whole, { height: rows * height, width: columns * width, channels }, range);
}

/** Colours at both ends of a heat map's scale, legible on light and on dark; 0 is transparent. */
export const HEAT: { readonly positive: Rgb; readonly negative: Rgb } = {
  positive: [230, 96, 20],
  negative: [60, 118, 235],
};

/**
 * Heat map of values in [-1, 1]: the farther from 0, the stronger the colour; a missing value is transparent.
 */
export function heatMap(values: NullableFigures, height: number, width: number): string {
  const pixels = new Uint8Array(height * width * 4);
  values.forEach((value, i) => {
    pixels.set((value ?? 0) < 0 ? HEAT.negative : HEAT.positive, 4 * i);
    pixels[4 * i + 3] = Math.round(255 * clamp(Math.abs(value ?? 0)));
  });
  return png(pixels, height, width);
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
