import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../shared/errors.ts';
import { batches, takeRows } from '../../../training/data/batches.ts';
import { fingerprint } from '../../../training/data/dataset.ts';
import { digits } from '../../../training/data/digits.ts';
import { readIdx } from '../../../training/data/idx.ts';
import { mnist } from '../../../training/data/mnist.ts';
import { fromRows } from '../../../training/data/rows.ts';
import { splitDataset } from '../../../training/data/split.ts';
import { temporaryFolder } from '../../support/data/data.ts';

const numbered = fromRows(Array.from({ length: 100 }, (_, i) => [i, -i]));

describe('split', () => {
  it('puts every row in exactly one part, by seed', () => {
    const parts = splitDataset(numbered, { validation: 0.2, test: 0.1 }, 1);
    expect([parts.train, parts.validation, parts.test].map(({ rowCount }) => rowCount)).toEqual([70, 20, 10]);
    const firsts: number[] = [];
    for (const part of Object.values(parts)) for (const { data } of batches(part, 1)) firsts.push(data[0]!);
    expect(firsts.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(splitDataset(numbered, { validation: 0.2, test: 0.1 }, 1)).toEqual(parts);
    expect(splitDataset(numbered, { validation: 0.2, test: 0.1 }, 2)).not.toEqual(parts);
  });

  it('leaves a published test set alone', () => {
    const test = { data: Float32Array.of(7, 7), rowCount: 1, width: 2 };
    const parts = splitDataset({ ...numbered, test }, { validation: 0.2, test: 0.1 }, 1);
    expect(parts.test).toBe(test);
    expect(parts.train.rowCount).toBe(80);
  });

  it('needs three rows', () => {
    expect(splitDataset(fromRows([[1], [2], [3]]), { validation: 0.1, test: 0.1 }, 1).train.rowCount).toBe(1);
    const two = fromRows([[1], [2]]);
    expect(() => splitDataset(two, { validation: 0.1, test: 0.1 }, 1)).toThrow(
      'in addition to 1 for validation and 1 for testing, received 2 in all',
    );
  });
});

it('takeRows and batches keep order; the last batch may be smaller', () => {
  const taken = takeRows(numbered.rows, Uint32Array.of(5, 3));
  expect([...taken.data]).toEqual([5, -5, 3, -3]);
  const buffer = new Float32Array(6);
  expect(takeRows(numbered.rows, Uint32Array.of(1, 2), buffer).data.buffer).toBe(buffer.buffer);
  expect([...batches(numbered.rows, 30)].map(({ rowCount }) => rowCount)).toEqual([30, 30, 30, 10]);
});

it('the training rows are a view of the data, taken and batched like rows of their own', () => {
  const { train } = splitDataset(numbered, { validation: 0.2, test: 0.1 }, 1);
  expect(train.of).toBe(numbered.rows);
  const firsts: number[] = [];
  const sizes: number[] = [];
  for (const { data, rowCount } of batches(train, 30)) {
    firsts.push(...data.filter((_, i) => i % 2 === 0));
    sizes.push(rowCount);
  }
  expect(sizes).toEqual([30, 30, 10]);
  expect(firsts).toEqual([...train.indices]);
  expect([...takeRows(train, Uint32Array.of(69, 0)).data]).toEqual(
    [train.indices[69]!, train.indices[0]!].flatMap((first) => [first, -first]),
  );
});

it('the fingerprint depends on every value and on the shape', () => {
  const print = fingerprint(numbered);
  expect(print).toMatch(/^[0-9a-f]{64}$/);
  const changed = { ...numbered, rows: { ...numbered.rows, data: numbered.rows.data.slice() } };
  expect(fingerprint(changed)).toBe(print);
  changed.rows.data[199] = 1;
  expect(fingerprint(changed)).not.toBe(print);
  expect(fingerprint(fromRows([[1, 2, 3, 4]]))).not.toBe(
    fingerprint(
      fromRows([
        [1, 2],
        [3, 4],
      ]),
    ),
  );
});

describe('fromRows', () => {
  it.each<[string, number[][], RegExp]>([
    ['no rows', [], /at least one row with at least one number/],
    ['rows of different lengths', [[1, 2], [3]], /row 1: expected 2 numbers, received 1/],
    ['NaN', [[1], [Number.NaN]], /row 1, column 0: expected a finite float32 number, received NaN/],
    [
      'what float32 cannot hold',
      [[1e39]],
      /row 0, column 0: expected a finite float32 number, received 1e\+39/,
    ],
  ])('refuses %s', (_, rows, message) => {
    expect(() => fromRows(rows)).toThrow(InputError);
    expect(() => fromRows(rows)).toThrow(message);
  });

  it('takes null and NaN, and nothing else, as missing if asked to', () => {
    const rows = [
      [1, null],
      [Number.NaN, 4],
    ];
    expect(fromRows(rows, undefined, { missing: 'mask' }).rows.data).toEqual(
      Float32Array.of(1, Number.NaN, Number.NaN, 4),
    );
    expect(() => fromRows(rows)).toThrow('row 0, column 1: expected a number, received null');
    const infinite = [[1, null, Number.POSITIVE_INFINITY]];
    expect(() => fromRows(infinite, undefined, { missing: 'mask' })).toThrow(
      'row 0, column 2: expected a finite float32 number, received Infinity',
    );
  });

  it('takes one name per column', () => {
    expect(fromRows([[1, 2]], ['a', 'b']).featureNames).toEqual(['a', 'b']);
    expect(() => fromRows([[1, 2]], ['a'])).toThrow('expected 2 feature names, one per column, received 1');
  });
});

describe('MNIST', () => {
  it('is the images and labels of four files, packed or not', async () => {
    const folder = temporaryFolder();
    const images = Uint8Array.from({ length: 2 * 784 }, (_, i) => i % 256);
    const idx = (shape: readonly number[], data: Uint8Array) =>
      Uint8Array.of(...[0, 0, 8, shape.length], ...shape.flatMap((size) => [0, 0, 0, size]), ...data);
    for (const [part, digits] of [
      ['train', [5, 0]],
      ['t10k', [7, 2]],
    ] as const) {
      writeFileSync(join(folder, `${part}-images-idx3-ubyte`), idx([2, 28, 28], images));
      const labels = idx([2], Uint8Array.from(digits));
      writeFileSync(join(folder, `${part}-labels-idx1-ubyte.gz`), gzipSync(labels));
    }
    const { rows, test, rowShape, labels } = await mnist(folder);
    expect([rows.rowCount, rows.width, test!.rowCount, ...rowShape]).toEqual([2, 784, 2, 28, 28]);
    expect(rows.data).toEqual(Float32Array.from(images, (pixel) => pixel / 255));
    expect([...Array.from(labels!.rows), ...Array.from(labels!.test!)]).toEqual([5, 0, 7, 2]);
  });

  it('the npm package has 10,000 digits with about the same mean', async () => {
    const { rows } = await digits();
    expect([rows.rowCount, rows.width]).toEqual([10_000, 784]);
    expect(rows.data.reduce((sum, value) => sum + value, 0) / rows.data.length).toBeCloseTo(0.1307, 2);
    expect(rows.data.every((value) => value >= 0 && value <= 1)).toBe(true);
  });

  it('names the missing file', async () => {
    const folder = temporaryFolder();
    await expect(mnist(folder)).rejects.toThrow(`${folder}: expected the MNIST file train-images-idx3-ubyte`);
  });
});

describe('IDX files', () => {
  const file = (bytes: Uint8Array) => {
    const path = join(temporaryFolder(), 'file');
    writeFileSync(path, bytes);
    return path;
  };
  /** 2 x 3 unsigned bytes. */
  const good = Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6);

  it.each([
    ['plain', good],
    ['gzip', gzipSync(good)],
  ])('are read, %s', async (_, bytes) => {
    const { shape, data } = await readIdx(file(bytes));
    expect([shape, [...data]]).toEqual([
      [2, 3],
      [1, 2, 3, 4, 5, 6],
    ]);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['empty', new Uint8Array(), /expected an IDX file of unsigned bytes .*received $/],
    ['of floats', Uint8Array.of(0, 0, 0x0d, 1, 0, 0, 0, 0), /received 00000d01/],
    ['without the whole header', good.subarray(0, 9), /expected a header of 12 bytes, received 9/],
    ['too short', good.subarray(0, 17), /expected 6 bytes for shape \[2,3\], received 5/],
    ['too long', Uint8Array.of(...good, 7), /expected 6 bytes for shape \[2,3\], received 7/],
    ['cut off within gzip', gzipSync(good).subarray(0, 20), /cannot be read/],
  ])('are refused when %s', async (_, bytes, message) => {
    const reading = readIdx(file(bytes));
    await expect(reading).rejects.toThrow(InputError);
    await expect(reading).rejects.toThrow(message);
  });
});
