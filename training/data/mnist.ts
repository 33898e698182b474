/** The MNIST database from its four IDX files. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../shared/errors.ts';
import type { Matrix } from '../../shared/tensor.ts';
import type { Dataset } from './dataset.ts';
import { readIdx } from './idx.ts';

/**
 * 60,000 training and 10,000 test images of 28 x 28 pixels in [0, 1].
 * `directory` holds `train-images-idx3-ubyte` and `t10k-images-idx3-ubyte`, with or without `.gz`.
 * @throws {InputError} when a file is missing or damaged.
 */
export async function mnist(directory: string): Promise<Dataset> {
  return {
    source: 'MNIST (IDX files)',
    rowShape: [28, 28],
    featureNames: null,
    rows: await images(directory, 'train-images-idx3-ubyte'),
    test: await images(directory, 't10k-images-idx3-ubyte'),
    ...(await testLabels(directory)),
  };
}

/** The digits that the test images show, where the file that says so is there too. */
async function testLabels(directory: string): Promise<Pick<Dataset, 'testLabels'>> {
  const path = find(directory, 't10k-labels-idx1-ubyte');
  return path === undefined ? {} : { testLabels: Array.from((await readIdx(path)).data, String) };
}

function find(directory: string, name: string): string | undefined {
  return [join(directory, `${name}.gz`), join(directory, name)].find(existsSync);
}

async function images(directory: string, name: string): Promise<Matrix> {
  const path = find(directory, name);
  if (path === undefined) {
    throw new InputError(`${directory}: expected the MNIST file ${name} or ${name}.gz, found neither`);
  }
  const { shape, data } = await readIdx(path);
  const [rowCount, height, columns] = shape;
  if (shape.length !== 3 || height !== 28 || columns !== 28) {
    throw new InputError(`${path}: expected images of shape [rows, 28, 28], received [${shape}]`);
  }
  return { data: Float32Array.from(data, (byte) => byte / 255), rowCount: rowCount!, width: 28 * 28 };
}
