import { expect, it } from 'vitest';
import { asMatrix } from '../../../shared/tensor.ts';
import { columnMeans } from '../../../training/evaluate/baselines/columnMeans.ts';
import { split } from '../../../training/graph/ops/concat.ts';
import { undercomplete } from '../../../training/models/undercomplete.ts';

const model = undercomplete.build(undercomplete.config.parse({ codeSize: 1, hidden: [] }), 3, 1);

it('averages each column over the rows that have it, across batches', async () => {
  // More rows than a batch holds, of which the last batch is a small one.
  const count = 2050;
  const value = (row: number, column: number) =>
    column === 0
      ? row % 7
      : column === 1 && row % 3 === 0
        ? Number.NaN
        : column === 1
          ? row / count
          : Number.NaN;
  const data = Float32Array.from({ length: 3 * count }, (_, i) => value(Math.floor(i / 3), i % 3));
  const means = await columnMeans(model, asMatrix(data, count));
  const rows = Array.from({ length: count }, (_, row) => row);
  const mean = (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0) / values.length;
  expect(means[0]).toBeCloseTo(mean(rows.map((row) => row % 7)), 4);
  expect(means[1]).toBeCloseTo(mean(rows.filter((row) => row % 3 !== 0).map((row) => row / count)), 4);
  // A column that no row has.
  expect(means[2]).toBe(0);
});

it('averages only what a model reconstructs', async () => {
  const last = { ...model, target: (rows: Parameters<typeof model.encode>[0]) => split(rows, [2, 1], 1)[1]! };
  expect([...(await columnMeans(last, asMatrix(Float32Array.of(1, 2, 3, 4, 5, 9), 2)))]).toEqual([6]);
});
