/** Rows of arrays and images, in the order in which the input of a model has their values. */
import { InputError } from '../../shared/errors.ts';
import type { Dataset } from '../data/dataset.ts';
import { asBytes } from '../data/images.ts';
import { readDataset } from '../data/read.ts';
import { images } from '../data/sources/images.ts';
import { channelsFirst, inputImage, knownWhite, type White } from './imageOrder.ts';
import type { InputLayout } from './inputLayout.ts';

interface ArrayRows extends Pick<Dataset, 'rows' | 'source' | 'featureNames'> {
  /** Decisions about the rows, for people. */
  readonly notes: readonly string[];
}

/**
 * Reads the rows; images with channels last are transposed for a model that takes channels first. Pixels of files have
 * the values that the model takes.
 * @throws {InputError} for rows of another width, or in another order.
 */
export async function arrayRows(
  location: string,
  layout: InputLayout,
  stated: White | undefined,
): Promise<ArrayRows> {
  const image = inputImage(layout);
  // Grey images have three equal channels where the model takes colors, as in requests.
  const data = await readDataset(location, image?.channels === 3 ? { channels: 3 } : {});
  const { rowShape, source, featureNames, notes = [] } = data;
  const isPixels = image !== undefined && images.recognises(location);
  const rows = isPixels && knownWhite(image.input, stated) === 255 ? asBytes(data.rows) : data.rows;
  if (layout.hasText)
    throw new InputError(`${location}: expected columns with text, received an array of numbers`);
  const { varying } = layout;
  const { sizes } = varying[0]!;
  const [expected, received] = [`[${sizes.join(', ')}]`, `[${rowShape.join(', ')}]`];
  if (rows.width !== layout.width) {
    const shapes =
      rowShape.length > 1 && varying.length === 1 ? `: shape ${received} in place of ${expected}` : '';
    throw new InputError(
      `${location}: expected ${layout.width} values per row, as the model takes, received ${rows.width}${shapes}${constantHint(layout)}`,
    );
  }
  const common = { source, featureNames };
  if (varying.length > 1 || withoutOnes(rowShape).length < 2 || isSameOrder(rowShape, sizes))
    return { ...common, rows, notes };
  const [height, width, channels] = rowShape as readonly [number, number, number];
  if (rowShape.length === 3 && isSameOrder([channels, height, width], sizes)) {
    const note = `${location}: rows of shape ${received} were transposed to ${expected}, channels first, as the model takes them`;
    return { ...common, rows: channelsFirst(rows, [height, width, channels]), notes: [...notes, note] };
  }
  throw new InputError(
    `${location}: expected rows of shape ${expected}, as the model takes, received ${received}; transpose them`,
  );
}

/** True for shapes of the same sizes, apart from axes of one value. */
function isSameOrder(one: readonly number[], other: readonly number[]): boolean {
  return withoutOnes(one).join() === withoutOnes(other).join();
}

function withoutOnes(shape: readonly number[]): number[] {
  return shape.filter((size) => size !== 1);
}

/** A second input of a language model is often a mask, which rows do not hold. */
function constantHint({ varying }: InputLayout): string {
  const mask = varying.length > 1 && varying.find(({ input }) => /mask|token_type/.test(input.name));
  if (!mask) return '';
  return `; --constant ${mask.input.name}=${/mask/.test(mask.input.name) ? 1 : 0} leaves an input out of the rows`;
}
