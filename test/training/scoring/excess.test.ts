import { expect, it } from 'vitest';
import { random } from '../../../shared/random.ts';
import type { Matrix } from '../../../shared/tensor.ts';
import { computeRows } from '../../../training/evaluate/representation.ts';
import { fitExcess } from '../../../training/scoring/excess.ts';

function column(values: readonly number[]): Matrix {
  return { data: Float32Array.from(values), rowCount: values.length, width: 1 };
}

const excessOf = async (train: Matrix, values: readonly number[]) =>
  Array.from((await computeRows(column(values), fitExcess(train))).data);

it('is the distance from the median in halves of the interquartile range, on a logarithmic scale', async () => {
  // Quartiles of 1, 2 and 5: log(1 + value / 2) is log 1.5, log 2 and log 3.5.
  const train = column([0, 1, 2, 5, 100]);
  const halfRange = Math.log(3.5 / 1.5) / 2;
  const values = [2, 5, 100, 1e6];
  const excess = await excessOf(train, values);
  values.forEach((value, i) => {
    const z = (Math.log(1 + value / 2) - Math.log(2)) / halfRange;
    expect(excess[i]).toBeCloseTo(Math.log(1 + Math.exp(z)), 4);
  });
});

it('is larger for the same rank if the tail is longer', async () => {
  const source = random(1, 'excess');
  const normal = () =>
    Math.sqrt(-2 * Math.log(1 - source.uniform())) * Math.cos(2 * Math.PI * source.uniform());
  const short = Array.from({ length: 2000 }, () => Math.exp(0.2 * normal()));
  const long = Array.from({ length: 2000 }, () => Math.exp(0.2 * normal() ** 3));
  const largest = async (values: readonly number[]) =>
    (await excessOf(column(values), [Math.max(...values)]))[0]!;
  expect(await largest(long)).toBeGreaterThan(2 * (await largest(short)));
});

it('of values that hardly differ is finite, positive, and does not magnify rounding', async () => {
  const [same, rounded, other] = await excessOf(column(new Array<number>(50).fill(7)), [7, 7.000001, 8]);
  expect(same).toBeGreaterThan(0);
  expect(Math.abs(rounded! - same!)).toBeLessThan(1e-5);
  expect(other).toBeGreaterThan(same!);
});
