/** Tables in which some columns almost determine the others, so that what is left of a row is close to rounding. */
import { expect, it } from 'vitest';
import { type Random, random } from '../../../shared/random.ts';
import { PARITY_TOLERANCE } from '../../../training/artifact/parity.ts';
import { anomaly } from '../../../training/recipes/anomaly.ts';
import { train } from '../../../training/train.ts';
import { temporaryFolder } from '../../support/data/data.ts';
import { written } from '../../support/data/tables.ts';

/** Box and Muller's transform. */
const normal = (source: Random) =>
  Math.sqrt(-2 * Math.log(1 - source.uniform())) * Math.cos(2 * Math.PI * source.uniform());

const normals = (source: Random, count: number) => Array.from({ length: count }, () => normal(source));

/** A table whose columns are sums of `factors` normal values, and of noise. */
function tableOf(columns: number, factors: number, noise: number, rows: number): string {
  const source = random(4, 'collinear');
  const weights = Array.from({ length: columns }, () => normals(source, factors));
  const header = weights.map((_, i) => `c${i}`).join();
  const row = () => {
    const own = normals(source, factors);
    const errors = normals(source, columns);
    return weights
      .map((by, i) => by.reduce((sum, weight, k) => sum + weight * own[k]!, noise * errors[i]!).toFixed(5))
      .join();
  };
  return [header, ...Array.from({ length: rows }, row)].join('\n');
}

it.each([
  [20, 4, 0.01, 3000],
  [40, 5, 0.01, 3000],
  [10, 2, 0.001, 3000],
  [5, 1, 0.0001, 5000],
])('%i columns of %i factors with noise of %f score alike in both runtimes', async (...table) => {
  const path = written('rows.csv', tableOf(...table));
  const data = await anomaly.data(path, { shares: { validation: 0.1, test: 0.3 }, seed: 2 });
  const settings = { ...anomaly.settings, ...anomaly.settingsFor!(data), epochs: 8 };
  const { artifact } = await train({
    force: true, // trained too briefly to beat the mean
    name: 'collinear',
    variant: 'denoising',
    data,
    settings,
    out: temporaryFolder(),
  });
  expect(artifact.manifest.parity.maxScaledDifference).toBeLessThanOrEqual(PARITY_TOLERANCE);
});
