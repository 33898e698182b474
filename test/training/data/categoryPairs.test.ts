import { expect, it } from 'vitest';
import { categoryPairsOf, countsOfPairs } from '../../../training/data/categoryPairs.ts';
import { numbers, texts } from '../../support/data/nights/schemas.ts';

const ROWS = 1000;
const rows = Array.from({ length: ROWS }, (_, row) => row);
const of = (name: string, at: (row: number) => string) => texts(name, rows.map(at));
const site = of('site', (row) => 'abc'[row % 3]!);
const flag = numbers(
  'flag',
  rows.map((row) => Number(row % 7 === 0)),
);

it('counts the rows of each pair of frequent categories, also of numbers with two values', () => {
  const size = numbers('size', rows);
  const { columns, pairs } = categoryPairsOf([site, size, flag], ROWS)!;
  expect(columns).toEqual([
    { column: 'flag', categories: ['0', '1'] },
    { column: 'site', categories: ['a', 'b', 'c'] },
  ]);
  const counted = [0, 1].flatMap((is) =>
    [0, 1, 2].map((at) => rows.filter((row) => Number(row % 7 === 0) === is && row % 3 === at).length),
  );
  expect(pairs).toEqual([{ first: 0, second: 1, counts: counted, halved: 0 }]);
  const [again] = countsOfPairs([flag, site], ROWS, { columns, pairs });
  expect([...again!]).toEqual(counted);
  expect(countsOfPairs([flag], ROWS, { columns, pairs })).toEqual([undefined]);
});

it('tells no count of one to four rows, and what one half of the rows alone has', () => {
  const other = of('other', (row) => (row === 3 ? 'y' : row % 3 === 1 ? 'y' : 'x'));
  const { columns, pairs } = categoryPairsOf([site, other], ROWS)!;
  const [first, second] = columns.map(({ categories }) => categories);
  const at = (a: string, b: string) =>
    pairs[0]!.counts[first!.indexOf(b) * second!.length + second!.indexOf(a)];
  expect([at('a', 'y'), at('b', 'y'), at('c', 'y'), at('a', 'x')]).toEqual([4, 333, 0, 333]);
  expect(pairs[0]!.halved).toBe(0.001);
});

it('keeps no rare category, and not more pairs than it may', () => {
  const seldom = of('seldom', (row) => (row < 29 ? 'seldom' : row % 2 === 0 ? 'even' : 'odd'));
  expect(categoryPairsOf([site, seldom], ROWS)!.columns[0]!.categories.toSorted()).toEqual(['even', 'odd']);
  expect(categoryPairsOf([site], ROWS)).toBeUndefined();
  const many = Array.from({ length: 60 }, (_, i) =>
    of(`many ${i}`, (row) => String(Math.floor(row / (i + 1)) % 20)),
  );
  const { columns, pairs } = categoryPairsOf([...many, flag], ROWS)!;
  expect(columns[0]!.column).toBe('flag');
  expect(pairs.reduce((sum, { counts }) => sum + counts.length, 0)).toBeLessThanOrEqual(10_000);
});
