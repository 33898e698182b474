import { expect, it } from 'vitest';
import { studentQuantile } from '../../../scripts/retrain/gates/data/studentQuantile.ts';

/** From SciPy's `scipy.stats.t.isf`. */
it.each([
  [10, 1e-4, 5.694],
  [20, 1e-7, 7.723],
  [58, 1e-7, 5.899],
  [58, 1e-8, 6.502],
  [200, 1e-4, 3.789],
])('of %i degrees of freedom is exact to 1 %% at 1 - %f', (freedom, beyond, expected) => {
  expect(studentQuantile(1 - beyond, freedom) / expected).toBeCloseTo(1, 2);
  expect(studentQuantile(beyond, freedom)).toBeCloseTo(-studentQuantile(1 - beyond, freedom), 6);
});
