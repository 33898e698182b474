/** Images as rows of a model. */
import type { Features, ImageLayout } from './features.ts';

export interface ImageRows {
  readonly height: number;
  readonly width: number;
  /** 1 for grey, 3 for red, green and blue. */
  readonly channels: 1 | 3;
  /** True for `[channels, height, width]`, false for `[height, width, channels]`. */
  readonly isChannelsFirst: boolean;
}

/** Images as rows, with the range of their values. */
export interface ImageValues extends ImageRows {
  /** The value of white; that of black is 0. */
  readonly white: 1 | 255;
}

/**
 * Returns the images that a model takes as rows, or undefined if its rows are not images.
 * Without `imageLayout`, as in manifests of models that were trained here, rows of the shape `[height, width]` or
 * `[height, width, channels]` are images if no value of the training rows exceeds 1.
 */
export function imageRowsOf({
  imageLayout,
  rowShape,
  statistics,
  white = 1,
}: Features): ImageValues | undefined {
  if (imageLayout === null) return undefined;
  const isScaled = statistics.max.every((max) => max !== null && max <= 1);
  if (imageLayout === undefined && !isScaled) return undefined;
  const image = imageOfShape(rowShape, imageLayout ?? (rowShape.length === 2 ? 'HW' : 'HWC'));
  return image && { ...image, white };
}

/** Returns the images of a row shape with these axes; undefined if it has others, or neither 1 nor 3 channels. */
export function imageOfShape(shape: readonly number[], layout: ImageLayout): ImageRows | undefined {
  if (shape.length !== layout.length) return undefined;
  const sizeOf = (axis: string) => (layout.includes(axis) ? shape[layout.indexOf(axis)]! : 1);
  const channels = sizeOf('C');
  if (channels !== 1 && channels !== 3) return undefined;
  return { height: sizeOf('H'), width: sizeOf('W'), channels, isChannelsFirst: layout === 'CHW' };
}
