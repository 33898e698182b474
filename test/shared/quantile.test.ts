import { describe, expect, it } from 'vitest';
import { percentileOf, quantile } from '../../shared/quantile.ts';

describe('quantile', () => {
  // numpy.quantile(values, shares), numpy 2.4
  it.each([
    { values: [3], shares: [0, 0.5, 1], expected: [3, 3, 3] },
    { values: [1, 2, 4, 8], shares: [0, 0.1, 0.5, 0.9, 1], expected: [1, 1.3, 3, 6.8, 8] },
    {
      values: [3.2, 3.9, 4.1, 4.4, 5, 5.5, 7.25, 8, 12.5, 40],
      shares: [0.05, 0.25, 0.5, 0.95, 0.99],
      expected: [3.515, 4.175, 5.25, 27.625, 37.525],
    },
  ])('of $values is what NumPy computes', ({ values, shares, expected }) => {
    const close = expected.map((value) => expect.closeTo(value, 10));
    expect(shares.map((share) => quantile(values, share))).toEqual(close);
  });
});

describe('percentileOf', () => {
  const percents = Array.from({ length: 101 }, (_, i) => i);

  it('is the percentage of values below, and 0 or 100 outside their range', () => {
    expect([-1, 0, 12.5, 100, 101].map((value) => percentileOf(value, percents))).toEqual([
      0, 0, 12.5, 100, 100,
    ]);
  });

  it('does not count equal values as below', () => {
    const equal = percents.map(() => 7);
    expect([6, 7, 8].map((value) => percentileOf(value, equal))).toEqual([0, 0, 100]);
    const halves = percents.map((i) => Number(i > 50));
    expect([0, 1, 2].map((value) => percentileOf(value, halves))).toEqual([0, 51, 100]);
  });

  it('is the inverse of quantile', () => {
    const values = [1, 2, 4, 8, 16, 64];
    const quantiles = percents.map((percent) => quantile(values, percent / 100));
    for (const share of [0, 0.07, 0.25, 0.5, 0.993, 1])
      expect(percentileOf(quantile(values, share), quantiles)).toBeCloseTo(100 * share, 0);
  });
});
