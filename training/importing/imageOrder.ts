/** The values of images, and their order, in the input of a model and in rows. */
import type { ImageLayout } from '../../shared/features.ts';
import { type ImageRows, type ImageValues, imageOfShape } from '../../shared/imageRows.ts';
import type { Matrix } from '../../shared/tensor.ts';
import { isInteger } from './elementTypes.ts';
import type { InputLayout, InputPart } from './inputLayout.ts';

export interface InputImage extends ImageRows {
  readonly input: InputPart['input'];
  readonly layout: ImageLayout;
}

/** Returns the images that the only input may hold by its shape; channels come first if both ends could be them. */
export function inputImage({ varying }: InputLayout): InputImage | undefined {
  const [first, ...others] = varying;
  if (others.length > 0) return undefined;
  const { input, sizes } = first!;
  const found = (['CHW', 'HWC', 'HW'] as const).find((layout) => imageOfShape(sizes, layout) !== undefined);
  return found && { ...imageOfShape(sizes, found)!, input, layout: found };
}

export type White = ImageValues['white'];

/** Integers that hold no 255. */
export const NARROW = ['bool', 'int8'];

/** Returns the value of white, as far as it is known without rows: integers have no values between 0 and 1. */
export function knownWhite(input: InputPart['input'], stated: White | undefined): White | undefined {
  return stated ?? (isInteger(input.type) && !NARROW.includes(input.type) ? 255 : undefined);
}

/** Rows of shape `[height, width, channels]` as rows of shape `[channels, height, width]`. */
export function channelsFirst(
  { data, rowCount, width }: Matrix,
  [height, across, channels]: readonly [number, number, number],
): Matrix {
  const pixels = height * across;
  const moved = new Float32Array(data.length);
  for (let row = 0; row < rowCount; row++) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      for (let channel = 0; channel < channels; channel++)
        moved[row * width + channel * pixels + pixel] = data[row * width + pixel * channels + channel]!;
    }
  }
  return { data: moved, rowCount, width };
}
