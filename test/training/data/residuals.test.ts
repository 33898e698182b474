import { expect, it } from 'vitest';
import { random } from '../../../shared/random.ts';
import { relationsOf } from '../../../training/data/relations.ts';
import type { Column } from '../../../training/data/table.ts';
import { numbers } from '../../support/data/nights/schemas.ts';
import { normals } from '../../support/data/normals.ts';

const ROWS = 5000;
const source = random(1, 'residuals');
const [x, noise, more] = [0, 1, 2].map(() => normals(source, ROWS)) as [number[], number[], number[]];

function residualsOf(columns: readonly Column[], name: string) {
  return relationsOf(columns, ROWS).residuals!.find(({ column }) => column === name)!;
}
const of = (value: (row: number) => number) =>
  residualsOf(
    [
      numbers('x', x),
      numbers(
        'y',
        x.map((_, row) => value(row)),
      ),
    ],
    'y',
  );

it('is what regression leaves: of a normal distribution, the root of 1 - r^2 of the variance', () => {
  const { rows, scale, fifths, tenths } = of((row) => 0.8 * x[row]! + 0.6 * noise[row]!);
  // Spearman's correlation of a normal distribution with Pearson's 0.8.
  const r = (6 / Math.PI) * Math.asin(0.8 / 2);
  expect(rows).toBe(ROWS);
  expect(scale).toBeCloseTo(Math.sqrt(1 - r ** 2), 1);
  expect(fifths).toHaveLength(5);
  expect(tenths.map(([order]) => order)).toEqual(['of the rows']);
  for (const mean of tenths[0]![1]) expect(Math.abs(mean)).toBeLessThan(0.1);
});

it('lies where it is noisy, and in the tenth that is off', () => {
  const plain = of((row) => x[row]! + 0.3 * noise[row]!).fifths;
  const hot = of((row) => x[row]! + 0.3 * noise[row]! + (x[row]! > 0.84 ? more[row]! : 0)).fifths;
  const grown = hot.map(([mean], fifth) => mean / plain[fifth]![0]);
  expect(grown[4]).toBeGreaterThan(2);
  for (const each of grown.slice(0, 3)) expect(Math.abs(each - 1)).toBeLessThan(0.3);
  const late = of((row) => x[row]! + 0.3 * noise[row]! + (row >= 0.9 * ROWS ? 0.5 : 0)).tenths[0]![1];
  const others = late.slice(0, 9).reduce((sum, each) => sum + each, 0) / 9;
  // Half a deviation of the values is about as much of the ranks.
  expect(late[9]! - others).toBeGreaterThan(0.3);
  expect(late[9]! - others).toBeLessThan(0.55);
});

it('tells the share of values that follow exactly', () => {
  const share = (imputed: number, error: (row: number) => number) =>
    of((row) => x[row]! + (source.uniform() < imputed ? 0 : error(row))).exact;
  // A regression tells the mean of skewed errors, next to which few of them are.
  for (const error of [
    (row: number) => noise[row]!,
    (row: number) => Math.exp(1.5 * noise[row]!) - Math.exp(1.125),
  ]) {
    expect(Math.abs(share(0, error)!)).toBeLessThan(0.05);
    expect(share(0.3, error)).toBeGreaterThan(0.2);
  }
});

it('tells no such share where a column is a multiple of another one, by a rate or two', () => {
  const taxed = (rate: number) =>
    of((row) => Math.exp(0.5 * x[row]!) * (1 + (row % 10 < 3 ? rate : row % 10 < 8 ? 0.2 : 0.08)));
  for (const rate of [0.19, 0.16, 0.2]) expect(taxed(rate).exact).toBeUndefined();
});

it('tells no such share where a column is rounded to steps about as large as the errors', () => {
  expect(of((row) => Math.round(2 * (x[row]! + noise[row]!)) / 2).exact).toBeUndefined();
  expect(of((row) => Math.round(100 * (x[row]! + noise[row]!)) / 100).exact).toBeDefined();
});

it('is undefined for columns of few values, and of missing ones says nothing', () => {
  const gaps = x.map((value, row) => (row % 5 === 0 ? Number.NaN : value + noise[row]!));
  expect(residualsOf([numbers('x', x), numbers('y', gaps)], 'y').rows).toBe(0.8 * ROWS);
  const few = x.map((value) => Math.round(value));
  expect(residualsOf([numbers('x', x), numbers('y', few)], 'y')).toBeUndefined();
});
