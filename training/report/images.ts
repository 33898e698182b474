/** Values as images. */
import { png } from './png.ts';

type Values = readonly (number | null)[];
type Rgb = readonly [number, number, number];

export interface ImageShape {
  readonly height: number;
  readonly width: number;
  /** Last axis: 1 for grey, 3 for red, green and blue. */
  readonly channels: number;
}

/** The image that values of this shape are, if they are one: at least 4 pixels each way, in 1 or 3 channels. */
export function imageShape(shape: readonly number[]): ImageShape | undefined {
  const [height, width, channels = 1] = shape;
  if (height === undefined || width === undefined || shape.length > 3) return undefined;
  const isImage = height >= 4 && width >= 4 && (channels === 1 || channels === 3);
  return isImage ? { height, width, channels } : undefined;
}

/** A picture with `low` as black and `high` as white, or the full colour. */
export function picture(
  values: Values,
  { height, width, channels }: ImageShape,
  low: number,
  high: number,
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

/** Both ends of a heat map's scale, legible on light and on dark: nothing is transparent, 1 is the colour itself. */
export const HEAT: { readonly positive: Rgb; readonly negative: Rgb } = {
  positive: [230, 96, 20],
  negative: [60, 118, 235],
};

/** Values in [-1, 1] as colours: the stronger, the farther from 0; what is missing is transparent as 0 is. */
export function heatMap(values: Values, height: number, width: number): string {
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
