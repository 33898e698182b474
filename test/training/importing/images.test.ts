/** Imports of models of images: which of them take PNG, and in which order their rows are. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { readDataset } from '../../../training/data/read.ts';
import { ModelProto } from '../../../training/graph/schema.ts';
import { importedFeatures } from '../../../training/importing/features.ts';
import { temporaryFolder } from '../../support/data/data.ts';
import { understood } from '../../support/training/foreignModels.ts';
import { onnxModel } from '../../support/training/onnxModel.ts';

/** An encoder of images of these sizes after the batch, of a type of the ONNX standard. */
function encoderOf(sizes: readonly number[], elemType = 1): Uint8Array {
  const width = sizes.reduce((product, size) => product * size, 1);
  const model = ModelProto.decode(
    onnxModel({
      inputs: { image: ['batch', ...sizes] },
      outputs: { code: ['batch', 2] },
      weights: {
        weight: { shape: [width, 2], data: Array.from({ length: 2 * width }, (_, i) => (i % 5) / 4) },
      },
      nodes: [
        ['Cast', ['image'], ['numbers'], { to: 1 }],
        ['Flatten', ['numbers'], ['flat'], { axis: 1 }],
        ['MatMul', ['flat', 'weight'], ['code']],
      ],
    }),
  );
  model.graph!.input![0]!.type!.tensorType!.elemType = elemType;
  return ModelProto.encode(model).finish();
}

const UINT8 = 2;
const INT8 = 3;

/** RGB pixels of 3 x 2, and the same values by channel. */
const pixels = (start: number) => Array.from({ length: 18 }, (_, i) => (start + 11 * i) % 256);
const byChannel = (values: readonly number[]) =>
  [0, 1, 2].flatMap((channel) => values.filter((_, i) => i % 3 === channel));
const float = (values: readonly number[]) => values.map((value) => Math.fround(value / 255));

/** A folder with the images a1, a2 and b. */
function folderOfImages(): string {
  const folder = join(temporaryFolder(), 'my');
  mkdirSync(folder);
  for (const [name, start] of Object.entries({ a1: 0, a2: 100, b: 200 })) {
    const data = Uint8Array.from(pixels(start));
    writeFileSync(join(folder, `${name}.png`), encode({ width: 3, height: 2, channels: 3, data }));
  }
  return folder;
}

/** A NumPy array of float32. */
function arrayOf(shape: readonly number[], values: readonly number[]): string {
  const path = join(temporaryFolder(), 'images.npy');
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`.padEnd(117);
  const bytes = Buffer.from(Float32Array.from(values).buffer);
  writeFileSync(
    path,
    Buffer.concat([Buffer.from('\x93NUMPY\x01\x00\x76\x00', 'latin1'), Buffer.from(`${header}\n`), bytes]),
  );
  return path;
}

const featuresOf = async (...given: Parameters<typeof understood>) => {
  const understanding = await understood(...given);
  const { imageLayout, rowShape, white } = importedFeatures(understanding);
  return { imageLayout, rowShape, ...(white && { white }), notes: understanding.notes.join('\n') };
};

describe('PNG', () => {
  it.each([
    [[3, 2, 3], 'CHW', [3, 2, 3], '3 x 2 pixels, RGB with channels first'],
    [[2, 5, 3], 'HWC', [2, 5, 3], '5 x 2 pixels, RGB with channels last'],
    [[1, 2, 3], 'HW', [2, 3], '3 x 2 pixels, grey'],
    [[2, 3, 1], 'HWC', [2, 3, 1], '3 x 2 pixels, grey'],
  ] as const)('is taken for the input %j', async (sizes, imageLayout, rowShape, says) => {
    const { notes, ...features } = await featuresOf(encoderOf(sizes));
    expect(features).toEqual({ imageLayout, rowShape });
    expect(notes).toContain(`PNG: taken, as image/png of ${says}; values are divided by 255`);
    expect(notes).toContain('assumed, since no rows were given; --rows');
  });

  it('is not taken if the rows have values that no PNG has', async () => {
    const values = Array.from({ length: 36 }, (_, i) => (i % 2 === 0 ? -1 : 1));
    const rows = arrayOf([2, 3, 2, 3], values);
    const { notes, imageLayout } = await featuresOf(encoderOf([3, 2, 3]), { rows });
    expect(imageLayout).toBeNull();
    expect(notes).toContain('PNG: not taken, since the rows have values from -1 to 1');
  });

  it('is taken for two axes if the rows may be images, and not if they are sequences', async () => {
    const shades = (count: number) => Array.from({ length: count }, (_, i) => (i % 10) / 10);
    const notes = async (sizes: readonly number[], values: number[]) =>
      featuresOf(encoderOf(sizes), { rows: arrayOf([2, ...sizes], values) });
    expect(await notes([4, 5], shades(40))).toMatchObject({
      imageLayout: 'HW',
      notes: expect.stringContaining('PNG: taken, as image/png of 5 x 4 pixels, grey'),
    });
    const none = { imageLayout: null, notes: '' };
    expect(
      await notes(
        [4, 5],
        shades(40).map((value) => -value),
      ),
    ).toMatchObject(none);
    expect(await notes([20, 1], shades(40))).toMatchObject(none);
  });

  it('keeps the values of the file for a model of bytes, for rows beyond 1, and if that is said', async () => {
    const taken = { imageLayout: 'CHW', white: 255 };
    const says = (reason: string) => ({
      ...taken,
      notes: expect.stringContaining(`values are those of the file, 0 to 255 (${reason}`),
    });
    expect(await featuresOf(encoderOf([3, 2, 3], UINT8))).toMatchObject(says('the input is uint8'));
    const rows = arrayOf([2, 3, 2, 3], [...pixels(0), ...pixels(100)]);
    expect(await featuresOf(encoderOf([3, 2, 3]), { rows })).toMatchObject(says('the range of the rows'));
    expect(await featuresOf(encoderOf([3, 2, 3]), { white: 255 })).toMatchObject(says('--white'));
    const divided = await featuresOf(encoderOf([3, 2, 3], UINT8), { white: 1 });
    expect([divided.imageLayout, divided.white]).toEqual(['CHW', undefined]);
    expect((await featuresOf(encoderOf([3, 2, 3]), { rows, white: 1 })).notes).toContain(
      'PNG: not taken, since the rows have values from 0 to 254, and those of PNG become 0 to 1',
    );
  });

  it('is not taken for signed bytes, sequences and flat rows', async () => {
    const bytes = await featuresOf(encoderOf([3, 2, 3], INT8));
    expect(bytes.imageLayout).toBeNull();
    expect(bytes.notes).toContain("PNG: not taken, since input 'image' is int8");
    for (const sizes of [[6, 3], [18], [5, 2, 4]])
      expect(await featuresOf(encoderOf(sizes))).toMatchObject({ imageLayout: null, notes: '' });
  });
});

describe('rows that are images', () => {
  it.each(['', '*.png'])('are transposed for channels first: my/%s', async (glob) => {
    const rows = join(folderOfImages(), glob);
    const { sample, notes } = await understood(encoderOf([3, 2, 3]), { rows });
    expect([...(sample.rows as { data: Float32Array }).data]).toEqual(
      [0, 100, 200].flatMap((start) => float(byChannel(pixels(start)))),
    );
    expect(notes[0]).toBe(
      `${rows.replace(/\/$/, '')}: rows of shape [2, 3, 3] were transposed to [3, 2, 3], channels first, as the model takes them`,
    );
    expect(notes.at(-1)).toMatch(/^PNG: taken, .*\(the range of the rows; --white says otherwise\)$/);
  });

  it.each([
    [UINT8, undefined],
    [1, 255],
  ] as const)(
    'have exactly the values of the files for a model that takes these: type %i',
    async (type, white) => {
      const { sample } = await understood(encoderOf([2, 3, 3], type), { rows: folderOfImages(), white });
      expect([...(sample.rows as { data: Float32Array }).data]).toEqual([0, 100, 200].flatMap(pixels));
    },
  );

  it('stay as they are for channels last', async () => {
    const { sample, notes } = await understood(encoderOf([2, 3, 3]), { rows: folderOfImages() });
    expect([...(sample.rows as { data: Float32Array }).data.slice(0, 18)]).toEqual(float(pixels(0)));
    expect(notes).toEqual([expect.stringContaining('RGB with channels')]);
  });

  it('of another size are refused with both shapes', async () => {
    await expect(understood(encoderOf([3, 4, 4]), { rows: folderOfImages() })).rejects.toThrow(
      'expected 48 values per row, as the model takes, received 18: shape [2, 3, 3] in place of [3, 4, 4]',
    );
  });
});

describe('a glob of images', () => {
  it('selects those that match', async () => {
    const folder = folderOfImages();
    const { rows, rowShape, labels } = await readDataset(join(folder, 'a*.png'));
    expect([rows.rowCount, rowShape, labels]).toEqual([2, [2, 3, 3], undefined]);
    expect([...rows.data]).toEqual([...float(pixels(0)), ...float(pixels(100))]);
  });

  it('is refused where nothing matches, or it has no extension', async () => {
    const folder = folderOfImages();
    await expect(readDataset(join(folder, 'c*.png'))).rejects.toThrow(
      'expected files that match, found none',
    );
    await expect(readDataset(join(folder, 'a*'))).rejects.toThrow(
      'expected a glob that ends with the extension of its files, for instance photos/*.png',
    );
  });
});
