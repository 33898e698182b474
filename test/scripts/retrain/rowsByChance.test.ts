import { expect, it } from 'vitest';
import { atMost, rowsOfOneNight } from '../../../scripts/retrain/gates/data/rowsByChance.ts';

it('is the probability of a binomial distribution', () => {
  expect(atMost(0, 30, 0.5)).toBeCloseTo(2 ** -30, 15);
  expect(atMost(1, 10, 0.5)).toBeCloseTo(11 / 1024, 12);
  expect(atMost(2, 4, 0.25)).toBeCloseTo((81 + 108 + 54) / 256, 12);
  // The first terms are too small for numbers.
  expect(atMost(5000, 10_000, 0.5)).toBeCloseTo(0.504, 3);
});

it('of the outermost rows of two equal nights, three are all of one once in eight times', () => {
  expect(rowsOfOneNight(1 / 8, 500, 500)).toBeCloseTo(3, 12);
  expect(rowsOfOneNight(1 / 8, 100, 100)).toBeCloseTo(3, 12);
  // Of twice as many rows, more are.
  expect(rowsOfOneNight(4 / 9, 200, 100)).toBeCloseTo(2, 12);
});
