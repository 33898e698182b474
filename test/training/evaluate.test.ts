import { Matrix as DoubleMatrix, SingularValueDecomposition } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../shared/tensor.ts';
import { featureStatistics } from '../../training/data/statistics.ts';
import { fitPca, pcaReconstruct } from '../../training/estimators/pca.ts';
import { calibrate, meansOver } from '../../training/evaluate/metrics/reconstruction.ts';
import { sub } from '../../training/graph/ops/arithmetic.ts';
import { reduceMean } from '../../training/graph/ops/mean.ts';
import { square } from '../../training/graph/ops/powers.ts';
import { input } from '../../training/graph/value.ts';
import { curve, withHoles } from '../support/data.ts';

const { rows } = curve(400, 7);

async function pcaError(data: Matrix, components: number): Promise<number> {
  const from = input('rows', ['N', data.width]);
  const back = pcaReconstruct(await fitPca(data, components), from);
  return (await meansOver(data, from, { error: reduceMean(square(sub(back, from))) })).error![0]!;
}

describe('PCA', () => {
  it.each([1, 2, 5])(
    'loses exactly the variance of the singular values left out, %i components',
    async (k) => {
      const centred = DoubleMatrix.from1DArray(rows.rowCount, rows.width, rows.data).center('column');
      const { diagonal } = new SingularValueDecomposition(centred);
      const left = diagonal.slice(k).reduce((sum, value) => sum + value * value, 0);
      expect(await pcaError(rows, k)).toBeCloseTo(left / (rows.rowCount * rows.width), 7);
    },
  );

  it('loses nothing with as many components as features, and takes no more', async () => {
    expect(await pcaError(rows, 7)).toBeLessThan(1e-12);
    expect((await fitPca(rows, 9)).count).toBe(7);
  });

  it('has orthonormal components', async () => {
    const { components, count } = await fitPca(rows, 3);
    for (let a = 0; a < count; a++) {
      for (let b = 0; b < count; b++) {
        const dot = Array.from(
          { length: 7 },
          (_, f) => components[f * count + a]! * components[f * count + b]!,
        );
        expect(dot.reduce((sum, value) => sum + value, 0)).toBeCloseTo(a === b ? 1 : 0, 5);
      }
    }
  });
});

it('feature statistics are those of each column, also far from 0', () => {
  const data = Float32Array.of(1e6, 1, 1e6 + 2, -3, 1e6 + 4, 5);
  const { mean, standardDeviation, min, max } = featureStatistics({ data, rowCount: 3, width: 2 });
  expect([mean, min, max]).toEqual([
    [1e6 + 2, 1],
    [1e6, -3],
    [1e6 + 4, 5],
  ]);
  expect(standardDeviation[0]).toBeCloseTo(Math.sqrt(8 / 3), 10);
  expect(standardDeviation[1]).toBeCloseTo(Math.sqrt(32 / 3), 10);
});

it('statistics and PCA of rows with missing values are those of the others, and of rows filled with their means', async () => {
  const { rows: holed } = withHoles(curve(400, 7));
  const statistics = featureStatistics(holed);
  const means = Array.from({ length: 7 }, (_, column) => {
    const known = [...holed.data].filter((value, i) => i % 7 === column && !Number.isNaN(value));
    expect(statistics.min[column]).toBe(Math.min(...known));
    expect(statistics.max[column]).toBe(Math.max(...known));
    const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
    expect(statistics.mean[column]).toBeCloseTo(mean, 10);
    const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length;
    expect(statistics.standardDeviation[column]).toBeCloseTo(Math.sqrt(variance), 10);
    return mean;
  });
  const filled = holed.data.map((value, i) => (Number.isNaN(value) ? means[i % 7]! : value));
  const centred = DoubleMatrix.from1DArray(holed.rowCount, 7, filled).center('column');
  const { rightSingularVectors } = new SingularValueDecomposition(centred);
  const { components } = await fitPca(holed, 1, true);
  const along = [...components].reduce((sum, value, i) => sum + value * rightSingularVectors.get(i, 0), 0);
  expect(Math.abs(along)).toBeCloseTo(1, 5);
  expect(featureStatistics({ data: Float32Array.of(Number.NaN, 1), rowCount: 1, width: 2 }).max).toEqual([
    0, 1,
  ]);
});

it('the threshold leaves the stated share of the errors above it, which are told by mean and deviation', () => {
  const errors = Float32Array.from({ length: 1000 }, (_, i) => (i * 7919) % 1000);
  const { threshold, quantiles, mean, standardDeviation } = calibrate(errors, 0.05);
  expect(errors.filter((error) => error > threshold)).toHaveLength(50);
  expect([quantiles[0], quantiles[50], quantiles[100]]).toEqual([0, 499.5, 999]);
  expect(mean).toBeCloseTo(499.5, 9);
  expect(standardDeviation).toBeCloseTo(Math.sqrt((1000 ** 2 - 1) / 12), 9);
});
