import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codeStatistics } from '../../../training/evaluate/code.ts';
import { train } from '../../../training/train.ts';
import { curve, temporaryFolder } from '../../support/data/data.ts';

function statistics(values: readonly number[]) {
  return codeStatistics({ data: Float32Array.from(values), rowCount: values.length, width: 1 });
}

describe('codeStatistics', () => {
  it('counts values in 50 bins of equal width, the largest in the last', () => {
    const { histogram, mean, shareActive } = statistics([0, 0, 0, 0.5, 49.5, 50]);
    expect(histogram.edges).toEqual(Array.from({ length: 51 }, (_, i) => i));
    expect(histogram.counts).toEqual(Array.from({ length: 50 }, (_, i) => (i === 0 ? 4 : i === 49 ? 2 : 0)));
    expect(mean).toBeCloseTo(100 / 6, 6);
    expect(shareActive).toBe(0.5);
  });

  it('counts values on an edge in the bin above it', () => {
    const { counts } = statistics([-25, -24, 0, 25]).histogram;
    expect(counts.flatMap((count, bin) => (count > 0 ? [[bin, count]] : []))).toEqual([
      [0, 1],
      [1, 1],
      [25, 1],
      [49, 1],
    ]);
  });

  it('accepts values that are all equal', () => {
    const { histogram, mean, shareActive } = statistics([0, 0, 0]);
    expect([histogram.edges[0], histogram.edges[50]]).toEqual([-0.5, 0.5]);
    expect(histogram.counts[25]).toBe(3);
    expect([mean, shareActive]).toEqual([0, 0]);
  });
});

it('metrics.json has the statistics of the codes of the test rows', async () => {
  const { artifact, split } = await train({
    force: true, // trained too briefly to beat the mean
    name: 'sparse',
    data: curve(1500),
    variant: 'sparse',
    settings: { hidden: [8], codeSize: 16, epochs: 3, sparsityWeight: 1e-2, testShare: 0.8 },
    out: temporaryFolder(),
  });
  const { metrics, code } = JSON.parse(readFileSync(join(artifact.directory, 'metrics.json'), 'utf8'));
  expect(split.test.rowCount).toBe(1200);
  expect(code.histogram.counts.reduce((sum: number, count: number) => sum + count, 0)).toBe(1200 * 16);
  expect(code.histogram.edges[0]).toBe(0);
  expect(code.shareActive).toBeCloseTo(metrics['share-active'], 5);
  expect(code.mean).toBeCloseTo(metrics['mean-activation'], 5);
  expect(code.shareActive).toBeLessThan(1);
});
