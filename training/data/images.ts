/** Folders of PNG and JPEG images, decoded by sharp (https://sharp.pixelplumbing.com). */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { InputError } from '../../shared/errors.ts';
import type { Matrix } from '../../shared/tensor.ts';
import { optionalPackage } from '../optionalPackage.ts';
import type { Dataset } from './dataset.ts';
import { textColumn } from './text.ts';

export interface ImageOptions {
  /** Height and width to which every image is stretched; the first image's by default. */
  readonly size?: readonly [number, number];
  /** 1 for grey, 3 for RGB; as in the first image by default. */
  readonly channels?: 1 | 3;
}

/** Images decoded concurrently. */
const CONCURRENCY = 16;

/**
 * Reads rows of shape `[height, width]` (grey) or `[height, width, 3]` with values in [0, 1], in the order of
 * the file names. If all images are in subfolders, the subfolders' names become the labels. Transparent
 * pixels become black. Hidden entries such as `.ipynb_checkpoints` and images of other formats are skipped and
 * counted in the notes.
 * @throws {InputError} if there are no images, or one cannot be decoded.
 */
export async function imageFolder(folder: string, options: ImageOptions = {}): Promise<Dataset> {
  const { files, notes } = imagesIn(folder);
  const labels = folderLabels(folder, files);
  const paths = files.map((file) => join(folder, file));
  return {
    ...(await imageFiles(folder, paths, options)),
    ...(labels === undefined ? {} : { labels }),
    ...(notes.length > 0 && { notes }),
  };
}

/**
 * Reads images like those of a folder, but without labels.
 * @throws {InputError} if one cannot be decoded.
 */
export async function imageFiles(
  source: string,
  paths: readonly string[],
  options: ImageOptions = {},
): Promise<Dataset> {
  const { size, channels } = await imageLayout(paths[0]!, options);
  const rowShape = channels === 1 ? [...size] : [...size, channels];
  const width = rowShape.reduce((product, length) => product * length, 1);
  const data = new Float32Array(paths.length * width);
  for (let start = 0; start < paths.length; start += CONCURRENCY) {
    const some = paths.slice(start, start + CONCURRENCY);
    const decoded = await Promise.all(some.map((path) => pixels(path, size, channels)));
    for (const [i, { values, max }] of decoded.entries()) {
      const offset = (start + i) * width;
      for (let p = 0; p < width; p++) data[offset + p] = values[p]! / max;
    }
  }
  return { source, rowShape, featureNames: null, rows: { data, rowCount: paths.length, width } };
}

/** Images of other formats, which a Worker does not decode either. */
const OTHER_FORMAT = /\.(webp|gif|tiff?|bmp|avif|hei[cf]|jp2|jxl|svg|p[pgbn]m)$/i;

function imagesIn(folder: string): { files: string[]; notes: string[] } {
  if (!existsSync(folder)) throw new InputError(`${folder}: no such folder`);
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const found = all.filter((file) => /\.(png|jpe?g)$/i.test(file)).sort();
  const files = found.filter((file) => !isHidden(file));
  if (files.length === 0) {
    throw new InputError(`${folder}: expected images (.png, .jpg, .jpeg), found none`);
  }
  const hidden = found.length - files.length;
  const others = all.filter((file) => OTHER_FORMAT.test(file) && !isHidden(file)).sort();
  const notes = [
    ...(hidden > 0
      ? [`${folder}: skipped ${hidden} images in hidden files or folders; rename them to include them`]
      : []),
    ...(others.length > 0
      ? [
          `${folder}: skipped ${others.length} images that are neither PNG nor JPEG, such as ${others[0]}; convert them to include them`,
        ]
      : []),
  ];
  return { files, notes };
}

/** True for files that programs leave in folders, such as `.ipynb_checkpoints/a.png` and `._a.png`. */
function isHidden(file: string): boolean {
  return file.split(sep).some((part) => part.startsWith('.') || part === '__MACOSX');
}

function folderLabels(source: string, files: readonly string[]) {
  const names = files.map((file) => dirname(file));
  if (names.includes('.')) return undefined;
  const column = textColumn({ source, name: 'label' }, { missing: [], declared: 'category' });
  for (const name of names) column.add(name);
  const labels = column.finish();
  return labels.type === 'category' ? { classes: labels.categories, rows: labels.codes } : undefined;
}

/** Returns images of files with the values that bytes have, 0 to 255, exactly. */
export function asBytes({ data, ...size }: Matrix): Matrix {
  // Files have 8 or 16 bits, so every value is a multiple of 1 / 65,535.
  return { ...size, data: data.map((value) => Math.round(value * 65_535) / 257) };
}

const loadSharp = async () =>
  (await optionalPackage('sharp', 'a folder of images needs', () => import('sharp'))).default;

async function imageLayout(first: string, { size, channels }: ImageOptions) {
  const sharp = await loadSharp();
  const { autoOrient, channels: found } = await decoding(first, () => sharp(first).metadata());
  return {
    size: size ?? ([autoOrient.height, autoOrient.width] as const),
    // Grey has 1 channel, grey with transparency 2.
    channels: channels ?? (found < 3 ? (1 as const) : (3 as const)),
  };
}

/**
 * Returns the values of the pixels, up to `max`; they have 16 bits if the file's do, as when models are
 * served.
 */
async function pixels(path: string, [height, width]: readonly [number, number], channels: 1 | 3) {
  const sharp = await loadSharp();
  return decoding(path, async () => {
    const image = sharp(path);
    const isDeep = (await image.metadata()).depth === 'ushort';
    const [grey, color] = isDeep ? (['grey16', 'rgb16'] as const) : (['b-w', 'srgb'] as const);
    const bytes = await image
      .autoOrient()
      .flatten()
      .resize(width, height, { fit: 'fill' })
      .toColourspace(channels === 1 ? grey : color)
      .raw({ depth: isDeep ? 'ushort' : 'uchar' })
      .toBuffer();
    if (!isDeep) return { values: bytes, max: 255 };
    return { values: new Uint16Array(Uint8Array.from(bytes).buffer), max: 65_535 };
  });
}

async function decoding<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new InputError(`${path}: expected an undamaged PNG or JPEG image`, { cause });
  }
}
