import { InputError } from '../../../shared/errors.ts';
import { readIdx } from '../idx.ts';
import type { ArraySource } from './source.ts';

/** One image or vector of bytes per row, scaled from [0, 255] to [0, 1]. */
export const idx: ArraySource = {
  kind: 'array',
  summary: "IDX files of unsigned bytes, such as MNIST's images (idx3-ubyte, .idx, also gzipped)",
  recognises: (location) => /(idx\d-ubyte|\.idx)(\.gz)?$/i.test(location),
  read: async (location) => {
    const { shape, data } = await readIdx(location);
    const [rowCount, ...rowShape] = shape;
    if (rowShape.length === 0) {
      throw new InputError(
        `${location}: expected an array of 2 dimensions or more, received [${shape}]; is it a file of labels?`,
      );
    }
    if (shape.includes(0)) {
      throw new InputError(
        `${location}: expected at least one row of at least one value, received shape [${shape}]: the file is empty; write it again`,
      );
    }
    const values = new Float32Array(data.length);
    for (let i = 0; i < data.length; i++) values[i] = data[i]! / 255;
    return {
      source: location,
      rowShape,
      featureNames: null,
      rows: { data: values, rowCount: rowCount!, width: values.length / rowCount! },
    };
  },
};
