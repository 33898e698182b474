/** Drawing on rows of pixels. */
import { type ImageShape, valueAt } from '../model.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Brush {
  readonly title: string;
  /** In pixels of an image of 28; others in proportion. */
  readonly radius: number;
  /** Returns the new share of white of a pixel in [0, 1]. `cover` is how much of it the brush covers, in [0, 1]. */
  readonly paint: (share: number, cover: number) => number;
}

export const BRUSHES = {
  draw: { title: 'Draw', radius: 1.3, paint: (share, cover) => Math.max(share, cover) },
  erase: { title: 'Erase', radius: 2.2, paint: (share, cover) => Math.min(share, 1 - cover) },
  noise: {
    title: 'Noise',
    radius: 3,
    paint: (share, cover) => (cover > 0.5 && Math.random() < 0.25 ? Math.random() : share),
  },
} as const satisfies Record<string, Brush>;

export type BrushName = keyof typeof BRUSHES;

/** Returns the row with a line from one point to another, in pixels. All channels become alike. */
export function stroke(
  row: readonly number[],
  shape: ImageShape,
  { radius, paint }: Brush,
  from: Point,
  to: Point,
): number[] {
  const { height, width, channels, low, high } = shape;
  const drawn = [...row];
  const reach = (radius * Math.min(height, width)) / 28;
  const soft = reach + 0.5;
  for (let y = Math.max(0, Math.floor(Math.min(from.y, to.y) - soft)); y < height; y++) {
    if (y > Math.max(from.y, to.y) + soft) break;
    for (let x = 0; x < width; x++) {
      const cover = Math.min(1, Math.max(0, soft - distance({ x, y }, from, to)));
      if (cover === 0) continue;
      for (let channel = 0; channel < channels; channel++) {
        const at = valueAt(shape, y * width + x, channel);
        const share = (row[at]! - low) / (high - low);
        // Whole steps of a canvas, so that what is shown, sent and remembered is the same.
        drawn[at] = low + (Math.round(255 * paint(share, cover)) / 255) * (high - low);
      }
    }
  }
  return drawn;
}

/** The distance of a point from a line between two others. */
function distance(point: Point, from: Point, to: Point): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : ((point.x - from.x) * dx + (point.y - from.y) * dy) / length;
  const t = Math.min(1, Math.max(0, along));
  return Math.hypot(point.x - from.x - t * dx, point.y - from.y - t * dy);
}

/** Digits as lines between points in [0, 1]. */
const LINES = {
  '7': [
    [0.28, 0.26, 0.7, 0.24],
    [0.7, 0.24, 0.44, 0.8],
  ],
  '2': [
    [0.32, 0.34, 0.4, 0.24],
    [0.4, 0.24, 0.56, 0.22],
    [0.56, 0.22, 0.66, 0.32],
    [0.66, 0.32, 0.62, 0.46],
    [0.62, 0.46, 0.32, 0.76],
    [0.32, 0.76, 0.7, 0.76],
  ],
  '4': [
    [0.36, 0.22, 0.3, 0.52],
    [0.3, 0.52, 0.68, 0.52],
    [0.66, 0.24, 0.6, 0.8],
  ],
  '0': [
    [0.5, 0.22, 0.34, 0.36],
    [0.34, 0.36, 0.32, 0.6],
    [0.32, 0.6, 0.46, 0.78],
    [0.46, 0.78, 0.62, 0.66],
    [0.62, 0.66, 0.66, 0.4],
    [0.66, 0.4, 0.5, 0.22],
  ],
} as const satisfies Record<string, readonly (readonly [number, number, number, number])[]>;

export const EXAMPLES = Object.keys(LINES) as readonly (keyof typeof LINES)[];

export const blank = ({ height, width, channels, low }: ImageShape): number[] =>
  new Array<number>(height * width * channels).fill(low);

/** Returns a digit, drawn as a reader would. */
export function example(name: keyof typeof LINES, shape: ImageShape): number[] {
  const { height, width } = shape;
  return LINES[name].reduce<number[]>((row, [x1, y1, x2, y2]) => {
    const from = { x: x1 * width, y: y1 * height };
    return stroke(row, shape, BRUSHES.draw, from, { x: x2 * width, y: y2 * height });
  }, blank(shape));
}
