import { expect, it } from 'vitest';
import { random } from '../../../shared/random.ts';
import type { Matrix } from '../../../shared/tensor.ts';
import { computeRows } from '../../../training/evaluate/representation.ts';
import { fitSurprise } from '../../../training/scoring/surprise.ts';

function column(values: readonly number[]): Matrix {
  return { data: Float32Array.from(values), rowCount: values.length, width: 1 };
}

const surprisesOf = async (train: Matrix, values: readonly number[]) => {
  const surprise = fitSurprise(train, [0.05]);
  return Array.from((await computeRows(column(values), surprise)).data);
};

it('is the negative logarithm of the share of training rows above', async () => {
  const source = random(1, 'surprise');
  // Like the squares of deviations, which surprises are made of.
  const train = Array.from({ length: 5000 }, () => -2 * Math.log(1 - source.uniform()));
  const shares = [0.5, 0.1, 0.01, 0.002];
  const ascending = train.toSorted((a, b) => a - b);
  const surprises = await surprisesOf(
    column(train),
    shares.map((share) => ascending[Math.round(5000 * (1 - share))]!),
  );
  shares.forEach((share, i) => {
    expect(Math.abs(surprises[i]! + Math.log(share))).toBeLessThan(0.1);
  });
});

it('rises slowly enough to hide rounding, even where many rows have almost the same value', async () => {
  const train = column(Array.from({ length: 2000 }, (_, i) => (i % 2 === 0 ? 1 + i * 1e-6 : i)));
  const values = Array.from({ length: 200 }, (_, i) => 0.9 + i * 0.002);
  const surprises = await surprisesOf(train, values);
  const rounded = await surprisesOf(
    train,
    values.map((value) => value * (1 + 1e-6)),
  );
  surprises.forEach((surprise, i) => {
    expect(Math.abs(rounded[i]! - surprise)).toBeLessThan(2e-5);
  });
});

it('rises slowly enough where all rows are almost alike', async () => {
  const train = column(Array.from({ length: 5000 }, (_, i) => 1 + (0.3 * i) / 5000));
  const values = Array.from({ length: 600 }, (_, i) => 0.95 + i * 0.001);
  const surprises = await surprisesOf(train, values);
  for (let i = 1; i < values.length; i++) {
    // The unit is the median.
    const distance = Math.log1p(values[i]! / 1.15) - Math.log1p(values[i - 1]! / 1.15);
    expect((surprises[i]! - surprises[i - 1]!) / distance).toBeLessThan(20.1);
  }
});

it('counts half of the equal values', async () => {
  const train = column([...new Array<number>(90).fill(0), ...new Array<number>(10).fill(1)]);
  const [zero, one] = await surprisesOf(train, [0, 1]);
  expect(zero).toBeCloseTo(-Math.log(1 - 45 / 101), 4);
  expect(one).toBeCloseTo(-Math.log(1 - 95 / 101), 4);
});

it('grows with the logarithm of the value beyond the largest', async () => {
  const train = column([...Array.from({ length: 99 }, (_, i) => i), 150]);
  const [first, last, beyond, far] = await surprisesOf(train, [0, 150, 300, 1e6]);
  expect(first).toBeLessThan(0.02);
  expect(last).toBeCloseTo(Math.log(101 / 1.5), 2);
  // log(1 + 300 / 50) - log(1 + 150 / 50)
  expect(beyond! - last!).toBeCloseTo(Math.log(350 / 200), 2);
  expect(far).toBeGreaterThan(beyond!);
  expect(Number.isFinite(far)).toBe(true);
});

it('of a constant column is finite, and larger for another value', async () => {
  const [same, other] = await surprisesOf(column(new Array<number>(50).fill(7)), [7, 8]);
  expect(same).toBeGreaterThanOrEqual(0);
  expect(other).toBeGreaterThan(same!);
});

it('of values that are below what counts is that of the median', async () => {
  const train = column(Array.from({ length: 100 }, (_, i) => i * 1e-5));
  for (const surprise of await surprisesOf(train, [0, 5e-4, 1e-3])) expect(surprise).toBeCloseTo(Math.LN2, 2);
});
