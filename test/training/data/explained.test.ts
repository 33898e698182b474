import { expect, it } from 'vitest';
import { random } from '../../../shared/random.ts';
import { regression } from '../../../training/data/regression.ts';
import { relationsOf } from '../../../training/data/relations.ts';
import type { Column } from '../../../training/data/table.ts';
import { numbers, texts } from '../../support/data/nights/schemas.ts';
import { normals } from '../../support/data/normals.ts';

const ROWS = 8000;
const source = random(1, 'explained');
const [x, other, noise] = [0, 1, 2].map(() => normals(source, ROWS)) as [number[], number[], number[]];

/** The explained shares by the names of the columns. */
function explained(columns: readonly Column[]): Record<string, number> {
  const relations = relationsOf(columns, ROWS);
  return Object.fromEntries(
    relations.explained!.map(([place, share]) => [relations.variables[place]!.column, share]),
  );
}

it('is the squared rank correlation of two columns', () => {
  const y = x.map((value, row) => 0.8 * value + 0.6 * noise[row]!);
  // Of a normal distribution with this correlation, Spearman's is 6 / pi asin(rho / 2).
  const truth = ((6 / Math.PI) * Math.asin(0.8 / 2)) ** 2;
  const found = explained([numbers('x', x), numbers('y', y), numbers('other', other)]);
  for (const name of ['x', 'y']) expect(Math.abs(found[name]! - truth)).toBeLessThan(0.02);
  expect(Math.abs(found.other!)).toBeLessThan(0.005);
});

it('adds up what several columns and a category tell', () => {
  const sum = x.map((value, row) => value + other[row]!);
  const shop = x.map((_, row) => 'abc'[row % 3]!);
  const priced = noise.map((value, row) => value + 20 * (row % 3));
  const found = explained([
    ...[numbers('x', x), numbers('other', other), numbers('sum', sum)],
    ...[texts('shop', shop), numbers('priced', priced)],
  ]);
  // Ranks of a sum are not quite the sum of ranks.
  expect(found.sum).toBeGreaterThan(0.9);
  // The shop tells the third that a price is in: all but a ninth of the variance.
  expect(found.priced).toBeCloseTo(8 / 9, 2);
});

it('sees what rises and falls again, does not explain a column by itself, and allows for missing values', () => {
  const squared = x.map((value) => value ** 2);
  const gaps = x.map((value, row) => (row % 5 === 0 ? Number.NaN : value));
  expect(explained([numbers('x', x), numbers('squared', squared)]).squared).toBeGreaterThan(0.98);
  expect(Math.abs(explained([numbers('x', x), numbers('other', other)]).x!)).toBeLessThan(0.005);
  expect(explained([numbers('gaps', gaps), numbers('x', x)]).gaps).toBeCloseTo(1, 1);
});

it('is the square of the share of the rows in which a category follows from another', () => {
  const countries = x.map(() => 'abc'[source.integer(3)]!);
  const currencies = countries.map((country) =>
    source.uniform() < 0.6 ? 'xyz'['abc'.indexOf(country)]! : 'xyz'[source.integer(3)]!,
  );
  const found = explained([texts('country', countries), texts('currency', currencies), numbers('x', x)]);
  // The tau of Goodman and Kruskal (1954) of such a table.
  for (const name of ['country', 'currency']) expect(found[name]).toBeCloseTo(0.6 ** 2, 1);
});

it('gives the error that samples have', () => {
  const rows = 500;
  const shares = Array.from({ length: 200 }, (_, seed) => {
    const own = random(seed, 'sample');
    const a = normals(own, rows);
    const b = normals(own, rows).map((value, row) => a[row]! + value);
    const [found] = relationsOf([numbers('a', a), numbers('b', b)], rows).explained!;
    return found!;
  });
  const mean = shares.reduce((sum, [, share]) => sum + share, 0) / shares.length;
  const deviation = Math.sqrt(
    shares.reduce((sum, [, share]) => sum + (share - mean) ** 2, 0) / shares.length,
  );
  expect(deviation / shares[0]![2]).toBeGreaterThan(0.8);
  expect(deviation / shares[0]![2]).toBeLessThan(1.3);
});

it('says nothing of a column that does not vary, nor of few rows', () => {
  const variable = (column: string, values: number[]) => ({
    column,
    values: Float64Array.from(values),
    varied: 1,
    distinct: values.length,
  });
  const even = Array.from({ length: 100 }, (_, i) => i);
  const ones = even.map(() => 1);
  expect(regression([variable('a', even), variable('b', ones)])).toBeUndefined();
  expect(regression([variable('a', [1, 2, 3]), variable('b', [3, 1, 2])])).toBeUndefined();
  expect(regression([])).toBeUndefined();
});
