import { describe, expect, it } from 'vitest';
import { binomialAtMost } from '../../shared/binomial.ts';

describe('binomialAtMost', () => {
  // scipy.stats.binom.cdf
  it.each([
    [0, 1, 0.5, 0.5],
    [3, 10, 0.2, 0.8791261183999999],
    [9, 10, 0.2, 0.9999998976],
    [10, 10, 0.2, 1.0],
    [0, 183, 0.01, 0.15894270919978773],
    [18, 183, 0.1, 0.5327591711288722],
    [12, 1000, 0.02, 0.037604810397184225],
    [40, 1000, 0.02, 0.9999796839781195],
    [5000, 100000, 0.05, 0.5037624048046629],
    [4800, 100000, 0.05, 0.0018013236697115536],
    [5300, 100000, 0.05, 0.9999922656746362],
    [999000, 1000000, 0.999, 0.5042115551670037],
  ])('of %d in %d tries of %d: %d', (k, n, p, expected) => {
    expect(Math.abs(binomialAtMost(k, n, p) - expected)).toBeLessThan(1e-9);
  });

  it('is a sum of exact chances', () => {
    const chances = Array.from({ length: 13 }, (_, k) => choose(12, k) * 0.3 ** k * 0.7 ** (12 - k));
    chances.reduce((sum, chance, k) => {
      expect(binomialAtMost(k, 12, 0.3)).toBeCloseTo(sum + chance, 12);
      return sum + chance;
    }, 0);
  });
});

function choose(n: number, k: number): number {
  return k === 0 ? 1 : (choose(n, k - 1) * (n - k + 1)) / k;
}
