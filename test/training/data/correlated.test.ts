/** Compares the variance estimated from one table with the variance of the correlation over many tables. */
import { expect, it } from 'vitest';
import { random } from '../../../shared/random.ts';
import { correlated, correlating } from '../../../training/data/correlated.ts';
import { normals } from '../../support/data/normals.ts';

const ROWS = 800;
const TABLES = 600;

type Pair = readonly [a: Float64Array, b: Float64Array];
type Kind = (errors: readonly number[], others: readonly number[], chances: readonly number[]) => Pair;

const KINDS: readonly (readonly [string, Kind])[] = [
  [
    'numbers that correlate',
    (a, b) => [Float64Array.from(a), Float64Array.from(a, (each, i) => each + b[i]!)],
  ],
  [
    'a number that varies the more the larger another is',
    (a, b) => [Float64Array.from(a), Float64Array.from(a, (each, i) => each * b[i]!)],
  ],
  [
    'a number that lies at both extremes in a rare category',
    (a, b, chances) => {
      const rare = Float64Array.from(chances, (chance) => Number(chance < 0.05));
      return [Float64Array.from(a, (each, i) => (rare[i] ? 3 * Math.sign(b[i]!) : each)), rare];
    },
  ],
  [
    'two categories',
    (_, b, chances) => [
      Float64Array.from(chances, (chance) => Number(chance < 0.1)),
      Float64Array.from(chances, (chance, i) => Number(b[i]! > (chance < 0.1 ? 0.5 : 1.5))),
    ],
  ],
];

it.each(KINDS)('is right for %s', (name, kind) => {
  const source = random(1, name);
  const made = Array.from({ length: TABLES }, () => {
    const chances = Array.from({ length: ROWS }, () => source.uniform());
    const [a, b] = kind(normals(source, ROWS), normals(source, ROWS), chances);
    return correlated(correlating(a), correlating(b));
  });
  const mean = (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0) / values.length;
  const middle = mean(made.map(({ correlation }) => correlation));
  const variance = ROWS * mean(made.map(({ correlation }) => (correlation - middle) ** 2));
  const told = mean(made.map((each) => each.variance));
  // The variance of 600 tables is known to within 6 %.
  expect(told / variance).toBeGreaterThan(0.82);
  expect(told / variance).toBeLessThan(1.2);
  expect(made[0]!.count).toBe(ROWS);
});

it('passes over rows in which a value is missing, and tells nothing of a constant', () => {
  const [a, b] = [
    [1, 2, 3, 4, Number.NaN],
    [1, 3, 2, Number.NaN, 7],
  ].map((each) => correlating(Float64Array.from(each)));
  expect(correlated(a!, b!)).toMatchObject({ count: 3, correlation: 0.5 });
  expect(correlated(a!, correlating(new Float64Array(5).fill(1))).correlation).toBeNaN();
});

it.each(KINDS)('is the same in one pass as in two, for %s', (name, kind) => {
  const source = random(2, name);
  const chances = Array.from({ length: ROWS }, () => source.uniform());
  const [a, b] = kind(normals(source, ROWS), normals(source, ROWS), chances).map((each) =>
    each.map((x) => 5 + x),
  );
  const withMissing = (values: Float64Array) => correlating(Float64Array.of(...values, Number.NaN));
  const [once, twice] = [
    correlated(correlating(a!), correlating(b!)),
    correlated(withMissing(a!), withMissing(b!)),
  ];
  expect(once.count).toBe(twice.count);
  expect(once.correlation).toBeCloseTo(twice.correlation, 10);
  expect(once.variance).toBeCloseTo(twice.variance, 8);
});
