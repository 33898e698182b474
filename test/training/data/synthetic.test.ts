import { Matrix as DoubleMatrix, solve } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { makeBlobs, makeRegression, makeSine } from '../../../training/data/synthetic.ts';
import {
  type CategoryColumn,
  columnOf,
  type NumberColumn,
  type Table,
} from '../../../training/data/table.ts';

const valuesOf = (table: Table, name: string) => (columnOf(table, name) as NumberColumn).values;
const mean = (values: ArrayLike<number>) =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values: ArrayLike<number>) => {
  const middle = mean(values);
  return Math.sqrt(mean(Array.from(values, (value) => (value - middle) ** 2)));
};

const MAKERS: readonly [string, (seed: number) => Table][] = [
  ['makeRegression', (seed) => makeRegression({ rows: 60, features: 5, informative: 2, noise: 1, seed })],
  ['makeBlobs', (seed) => makeBlobs({ rows: 60, features: 3, blobs: 4, seed })],
  ['makeSine', (seed) => makeSine({ rows: 60, steps: 7, noise: 0.1, seed })],
];

describe.each(MAKERS)('%s', (_, make) => {
  it('gives the same table for the same seed, and a different one for another', () => {
    expect(make(1)).toEqual(make(1));
    const { columns } = make(2);
    columns.forEach((column, c) => {
      expect(column).not.toEqual(make(1).columns[c]);
    });
  });
});

it('makeRegression: least squares recovers the number of weights and the noise', () => {
  const table = makeRegression({ rows: 2000, features: 12, informative: 4, noise: 3, seed: 7 });
  const x = table.columns.slice(0, -1) as NumberColumn[];
  for (const { values } of x) {
    expect(Math.abs(mean(values))).toBeLessThan(0.1);
    expect(Math.abs(deviation(values) - 1)).toBeLessThan(0.06);
  }
  const design = new DoubleMatrix(x.map(({ values }) => Array.from(values))).transpose();
  const y = DoubleMatrix.columnVector(Array.from(valuesOf(table, 'y')));
  const weights = solve(design, y);
  const found = weights.to1DArray().filter((weight) => Math.abs(weight) > 0.5);
  expect(found).toHaveLength(4);
  expect(Math.min(...found)).toBeGreaterThan(0);
  expect(Math.max(...found)).toBeLessThan(100.5);
  expect(Math.abs(deviation(y.sub(design.mmul(weights)).to1DArray()) - 3)).toBeLessThan(0.15);
});

it('makeBlobs: equally many rows around each centre, within the spread', () => {
  const table = makeBlobs({ rows: 3000, features: 2, blobs: 12, spread: 0.5, seed: 3 });
  const blob = columnOf(table, 'blob') as CategoryColumn;
  expect(blob.categories).toEqual([...blob.categories].sort());
  for (const [code] of blob.categories.entries()) {
    const rows = [...blob.codes.keys()].filter((row) => blob.codes[row] === code);
    expect(rows).toHaveLength(250);
    for (const name of ['x0', 'x1']) {
      const values = rows.map((row) => valuesOf(table, name)[row]!);
      expect(Math.abs(deviation(values) - 0.5)).toBeLessThan(0.1);
      expect(Math.abs(mean(values))).toBeLessThan(10.2);
    }
  }
});

it('makeSine: without noise, each row solves the difference equation of a sine', () => {
  const steps = 40;
  const table = makeSine({ rows: 50, steps, seed: 2 });
  for (let row = 0; row < 50; row++) {
    const wave = table.columns.map((column) => (column as NumberColumn).values[row]!);
    // sin(a + h) + sin(a - h) = 2 cos(h) sin(a), with h = 2 pi periods / steps.
    const at = wave.reduce(
      (best, value, t) => (t > 0 && t < steps - 1 && Math.abs(value) > Math.abs(wave[best]!) ? t : best),
      1,
    );
    const cosine = (wave[at - 1]! + wave[at + 1]!) / (2 * wave[at]!);
    const periods = (Math.acos(cosine) * steps) / (2 * Math.PI);
    expect(periods).toBeGreaterThan(0.999);
    expect(periods).toBeLessThan(3.001);
    for (let t = 1; t < steps - 1; t++) {
      expect(wave[t - 1]! + wave[t + 1]!).toBeCloseTo(2 * cosine * wave[t]!, 8);
    }
    expect(Math.max(...wave.map(Math.abs))).toBeLessThanOrEqual(1);
  }
});

it('counts are positive integers', () => {
  expect(() => makeSine({ rows: 0, steps: 3, seed: 1 })).toThrow(
    'rows: expected a positive integer, received 0',
  );
  expect(() => makeBlobs({ rows: 2, features: 1.5, blobs: 1, seed: 1 })).toThrow('received 1.5');
  expect(() => makeRegression({ rows: 2, features: 1, informative: 2, seed: 1 })).toThrow(
    'informative: expected at most 1, the number of features, received 2',
  );
});
