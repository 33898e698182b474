/** A PNG image as a row of an image model. */
import { type ImageValues, imageRowsOf } from '../../../shared/imageRows.ts';
import type { Manifest } from '../../../shared/manifest.ts';
import type { Tensors } from '../../../shared/tensor.ts';
import { ProblemError } from '../../problems.ts';
import type { RowLayout } from './layout.ts';
import type * as Png from './png.ts';

let png: typeof Png | undefined;

/** Loads the decoder, which `packImage` needs: with the tables of its compression, it would take long at every start. */
export async function loadDecoder(): Promise<void> {
  png ??= await import('./png.ts');
}

function decoder(): typeof Png {
  if (png === undefined) throw new Error('the decoder of images has not been loaded');
  return png;
}

/** Bytes that a PNG file may have in addition to its pixels; this bounds the data to decompress. */
const OVERHEAD_BYTES = 16 * 1024;

/**
 * Returns one row with values from 0 to the model's white, with the channels where the model has them; transparent pixels
 * become black.
 * @throws {ProblemError} `unsupported-image` if the model's rows are not images, or images of another size or
 * kind.
 */
export function packImage(bytes: Uint8Array<ArrayBuffer>, manifest: Manifest, layout: RowLayout): Tensors {
  const { height, width, channels, isChannelsFirst, white } = imageOf(manifest, layout);
  const expected = `${width} x ${height} pixels`;
  const received = sizeOf(bytes);
  if (received.width !== width || received.height !== height) {
    const shown = `${received.width} x ${received.height} pixels`;
    throw unsupported(`expected ${expected}, received ${shown}.`, { expected, received: shown });
  }
  if (bytes.length > height * width * 8 + OVERHEAD_BYTES)
    throw unsupported('the file is too large for its number of pixels.');
  const image = decodePng(bytes);
  if (image.palette !== undefined || image.transparency !== undefined)
    throw unsupported('palettes and transparent colors are not supported; send grayscale or RGB pixels.');
  if (image.depth < 8) throw unsupported(`expected 8 or 16 bits per channel, received ${image.depth}.`);
  const deepest = 2 ** image.depth - 1;
  // Exactly 1 for bytes, which a model of integers would otherwise cut off below what they are.
  const scale = white / deepest;
  const hasAlpha = image.channels % 2 === 0;
  const colours = image.channels - Number(hasAlpha);
  const data = new Float32Array(height * width * channels);
  const [pixelStep, channelStep] = isChannelsFirst ? [1, height * width] : [channels, 1];
  for (let pixel = 0; pixel < height * width; pixel++) {
    const at = pixel * image.channels;
    const alpha = hasAlpha ? image.data[at + colours]! / deepest : 1;
    for (let channel = 0; channel < channels; channel++) {
      data[pixel * pixelStep + channel * channelStep] = image.data[at + (channel % colours)]! * scale * alpha;
    }
    // The caller decides how to convert colors to gray.
    const grey =
      image.data[at] === image.data[at + colours - 1] && image.data[at] === image.data[at + (colours >> 1)];
    if (channels === 1 && !grey) throw unsupported('expected a grayscale image, received one with colors.');
  }
  return { [layout.input!]: { dtype: 'float32', data, shape: [1, data.length] } };
}

/** @throws {ProblemError} `unsupported-image` if the model's rows are not images. */
function imageOf({ features }: Manifest, layout: RowLayout): ImageValues {
  const image = layout.takes === 'rows' ? imageRowsOf(features) : undefined;
  const size = image && image.height * image.width * image.channels;
  if (image === undefined || layout.input === undefined || layout.width !== size)
    throw unsupported('the rows of this model are not images; send application/json.');
  return image;
}

/** Returns the declared size, before anything is decompressed. */
function sizeOf(bytes: Uint8Array<ArrayBuffer>): { width: number; height: number } {
  const header = decoder().pngHeader(bytes);
  if (header) return header;
  throw unsupported('the body is not a PNG file; JPEG and other formats are not supported.');
}

function decodePng(bytes: Uint8Array<ArrayBuffer>) {
  try {
    return decoder().decodeBounded(bytes);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw unsupported(`the file is damaged: ${reason.slice(0, 100)}`, {}, cause);
  }
}

function unsupported(
  reason: string,
  members: { expected?: string; received?: string } = {},
  cause?: unknown,
): ProblemError {
  return new ProblemError(
    'unsupported-image',
    { detail: `The image cannot be used: ${reason}`, ...members },
    { cause },
  );
}
