import { expect, it } from 'vitest';
import { random } from '../../../shared/random.ts';
import { clusteringOf } from '../../../training/data/clustering.ts';
import { columnProfile } from '../../../training/data/columnProfile.ts';
import type { Column } from '../../../training/data/table.ts';
import { numbers, texts } from '../../support/data/nights/schemas.ts';
import { normals } from '../../support/data/normals.ts';

const ROWS = 6000;
const of = (column: Column) => clusteringOf(column, columnProfile(column));
const drawn = (seed: number) => normals(random(seed, 'clustering'), ROWS);
/** In bursts of so many equal rows, the mean varies as that of so many fewer. */
const inBursts = <T>(values: readonly T[], rows: number): T[] =>
  values.map((_, row) => values[row - (row % rows)]!);

it('is 1 of independent rows, and the number of equal rows where these are next to one another', () => {
  for (const seed of [1, 2, 3]) {
    expect(of(numbers('x', drawn(seed)))).toBe(1);
    const clustering = of(numbers('x', inBursts(drawn(seed), 10)));
    expect(clustering).toBeGreaterThan(5);
    expect(clustering).toBeLessThan(16);
    const devices = drawn(seed).map((value) => (value > 0.5 ? 'phone' : 'desktop'));
    expect(of(texts('x', devices))).toBe(1);
    expect(of(texts('x', inBursts(devices, 10)))).toBeGreaterThan(5);
  }
});

it('is 1 of rows that are sorted, those of each category together, and of few rows', () => {
  const values = drawn(4);
  expect(
    of(
      numbers(
        'x',
        values.toSorted((a, b) => a - b),
      ),
    ),
  ).toBe(1);
  expect(of(texts('x', values.map((value) => (value > 1 ? 'c' : value > 0 ? 'b' : 'a')).sort()))).toBe(1);
  expect(of(numbers('x', inBursts(values, 10).slice(0, 150)))).toBe(1);
});
