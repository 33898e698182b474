import { expect, it } from 'vitest';
import { InputError } from '../../../shared/errors.ts';
import { random } from '../../../shared/random.ts';
import { sampleCodes } from '../../../shared/sample.ts';
import { withLabelColumns } from '../../../training/data/labels.ts';
import { fromRows } from '../../../training/data/rows.ts';
import { openNative } from '../../../training/engines/inference.ts';
import { train } from '../../../training/train.ts';
import { curve, labelled, temporaryFolder } from '../../support/data/data.ts';

const SETTINGS = {
  hidden: [16],
  codeSize: 2,
  epochs: 40,
  batchSize: 16,
  learningRate: 0.01,
  checkpointEvery: 0,
};

it('decodes the same code to another pattern for another label', async () => {
  const data = labelled(400);
  const { artifact } = await train({
    name: 'conditional',
    data,
    variant: 'variational',
    settings: { ...SETTINGS, conditionSize: 3 },
    out: temporaryFolder(),
  });
  const { manifest, graphs } = artifact;
  expect(manifest.condition).toEqual({ size: 3, labels: ['0', '1', '2'] });
  expect(manifest.operations).toEqual(expect.arrayContaining(['decode', 'reconstruct', 'sample']));
  expect(manifest.graphs.decoder.inputs).toEqual([
    { name: 'code', dtype: 'float32', shape: ['N', 2] },
    { name: 'condition', dtype: 'float32', shape: ['N', 3] },
  ]);
  expect(manifest.graphs.autoencoder.outputs[0]!.shape).toEqual(['N', 6]);

  // Every code from the prior decodes to the pattern of the given label.
  const codes = sampleCodes({ count: 20, codeSize: 2, seed: 1 });
  const decoder = await openNative(graphs.decoder);
  for (const label of [0, 1, 2]) {
    const condition = Float32Array.from({ length: 20 * 3 }, (_, i) => (i % 3 === label ? 1 : 0));
    const { reconstruction } = await decoder.run(
      codes,
      new Map([['condition', { data: condition, shape: [20, 3] }]]),
    );
    for (let row = 0; row < 20; row++) {
      const values = [...reconstruction!.subarray(row * 6, (row + 1) * 6)];
      expect(values.map((value) => value > 0.1)).toEqual([0, 1, 2, 3, 4, 5].map((i) => i % 3 === label));
    }
  }
  await decoder.release();
});

it('the label is informative: rows are more likely under it than under an uninformative label', async () => {
  const data = labelled(400);
  const source = random(1, 'labels');
  const rows = { ...data.rows, data: data.rows.data.slice() };
  for (let row = 0; row < rows.rowCount; row++) {
    rows.data.fill(0, row * 9 + 6, row * 9 + 9);
    rows.data[row * 9 + 6 + source.integer(3)] = 1;
  }
  const elbo = async (given: typeof data) => {
    const { artifact } = await train({
      name: 'nats',
      data: given,
      variant: 'variational',
      settings: { ...SETTINGS, conditionSize: 3, epochs: 15 },
      out: temporaryFolder(),
    });
    return artifact.manifest.metrics.elbo!;
  };
  const gained = (await elbo(data)) - (await elbo({ ...data, rows }));
  expect(gained).toBeGreaterThan(0.5 * Math.log(3));
});

it('rejects a condition that leaves nothing to reconstruct', async () => {
  const run = train({
    name: 'refused',
    data: curve(50),
    variant: 'variational',
    settings: { conditionSize: 6 },
    out: temporaryFolder(),
  });
  await expect(run).rejects.toThrow(InputError);
  await expect(run).rejects.toThrow(
    "setting 'conditionSize': expected fewer than the 6 columns of a row, received 6",
  );
});

it('rejects a condition together with convolutions', async () => {
  const run = train({
    name: 'refused',
    data: { ...curve(50), rowShape: [3, 2] },
    variant: 'variational',
    settings: { conditionSize: 2, filters: [2] },
    out: temporaryFolder(),
  });
  await expect(run).rejects.toThrow(InputError);
  await expect(run).rejects.toThrow("settings 'conditionSize' and 'filters' exclude each other");
});

it('takes a condition in any units, whatever range the loss requires of the target', async () => {
  const { rows } = curve(50, 6);
  for (let row = 0; row < 50; row++) rows.data[row * 6 + 5] = 40 + row;
  const scaled = { source: 'degrees', rowShape: [6], featureNames: null, rows };
  const settings = { ...SETTINGS, conditionSize: 1, epochs: 1 };
  const run = (conditionSize: number) =>
    train({
      force: true, // trained too briefly to beat the mean
      name: 'units',
      data: scaled,
      variant: 'variational',
      settings: { ...settings, conditionSize },
      out: temporaryFolder(),
    });
  await expect(run(0)).rejects.toThrow('row 0, column 5: expected a value in [0, 1]');
  expect((await run(1)).artifact.manifest.condition).toEqual({ size: 1 });
});

it('label columns follow the features, one-hot, in the rows and in the test set', () => {
  const test = { data: Float32Array.of(9, 8), rowCount: 1, width: 2 };
  const labels = { classes: ['x', 'y', 'z'], rows: [1, 0], test: [2] };
  const given = fromRows(
    [
      [1, 2],
      [3, 4],
    ],
    ['a', 'b'],
  );
  const appended = withLabelColumns({ ...given, test, labels });
  expect([...appended.rows.data]).toEqual([1, 2, 0, 1, 0, 3, 4, 1, 0, 0]);
  expect([...appended.test!.data]).toEqual([9, 8, 0, 0, 1]);
  expect(appended.featureNames).toEqual(['a', 'b', 'label_x', 'label_y', 'label_z']);
  expect(appended.rowShape).toEqual([5]);
  expect(appended.conditionLabels).toEqual(['x', 'y', 'z']);
  const unknown = { ...labels, rows: [1, -1] };
  expect(() => withLabelColumns({ ...given, test, labels: unknown })).toThrow(
    'row 1: expected a label, found none',
  );
  expect(() => withLabelColumns(given)).toThrow('expected labels of the rows, received none');
});
