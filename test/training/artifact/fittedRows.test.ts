import { expect, it } from 'vitest';
import { random } from '../../../shared/random.ts';
import { fittedRows, sampleNote } from '../../../training/artifact/fittedRows.ts';
import type { Dataset } from '../../../training/data/dataset.ts';
import { splitDataset } from '../../../training/data/split.ts';
import { train } from '../../../training/train.ts';
import { keptFolder } from '../../support/data/data.ts';

const ROWS = 260_000;
const SHARES = { validation: 0.1, test: 0.1 };

/** Rows whose only value is their number, which is also their class in a hundred. */
function numbered(rowCount: number): Dataset {
  const data = Float32Array.from({ length: rowCount }, (_, row) => row);
  const range = (from: number, to: number) => Uint32Array.from({ length: to - from }, (_, i) => from + i);
  return {
    source: 'numbers',
    ...{ rowShape: [1], featureNames: ['number'], rows: { data, rowCount, width: 1 } },
    labels: { classes: Array.from({ length: 100 }, (_, i) => `${i}`), rows: data.map((row) => row % 100) },
    parts: {
      train: range(0, rowCount - 30_000),
      validation: range(rowCount - 30_000, rowCount - 20_000),
      test: range(rowCount - 20_000, rowCount),
    },
  };
}

it('of many training rows, a random sample with their own labels is fitted to', () => {
  const data = numbered(ROWS);
  const whole = { split: splitDataset(data, SHARES, 1), parts: data.parts! };
  const { split, parts } = fittedRows(data, whole, 1);
  const { indices, rowCount } = split.train as unknown as { indices: Uint32Array; rowCount: number };
  expect([rowCount, split.validation.rowCount, split.test.rowCount]).toEqual([50_000, 10_000, 20_000]);
  expect(indices).toEqual(parts.train);
  expect(new Set(indices).size).toBe(50_000);
  expect(split.trainLabels?.rows).toEqual(Array.from(indices, (row) => row % 100));
  expect([parts.test, split.test]).toEqual([data.parts!.test, whole.split.test]);
  // A sample of everything: its mean is that of all rows within five standard errors.
  const last = ROWS - 30_000;
  const mean = indices.reduce((sum, row) => sum + row, 0) / rowCount;
  expect(Math.abs(mean - (last - 1) / 2)).toBeLessThan((5 * last) / Math.sqrt(12 * rowCount));
  expect(fittedRows(data, whole, 1).parts).toEqual(parts);
  const counts = { train: last, validation: 10_000, test: 20_000 };
  expect(sampleNote(data, counts)).toMatch(
    /50,000 of 230,000 training rows and 10,000 of 10,000 validation rows, and metrics are of 20,000 of 20,000/,
  );
});

it('few rows stay as they are', () => {
  const data = numbered(40_000);
  const whole = { split: splitDataset(data, SHARES, 1), parts: data.parts! };
  expect(fittedRows(data, whole, 1)).toEqual(whole);
  expect(sampleNote(data, { train: 10_000, validation: 10_000, test: 20_000 })).toBeUndefined();
});

it('parity is verified on a sample of the validation rows', async () => {
  const source = random(1, 'parity rows');
  const data = Float32Array.from({ length: 2 * 8000 }, () => source.uniform());
  const { artifact } = await train({
    force: true, // trained too briefly to beat the mean
    name: 'sampled',
    data: { source: 'numbers', rowShape: [2], featureNames: null, rows: { data, rowCount: 8000, width: 2 } },
    settings: { hidden: [4], codeSize: 1, epochs: 1, validationShare: 0.3 },
    out: keptFolder(),
  });
  expect(artifact.manifest.data.rows.validation).toBe(2400);
  expect(artifact.manifest.parity.rows).toBe(500);
});
