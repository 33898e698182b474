import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { normalQuantile, normals } from '../../shared/normal.ts';
import { sampleCodes } from '../../shared/sample.ts';

function bytes(values: Float32Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}

/** The probability of a standard normal below x, by the Taylor series at 0 of its density (fine up to about 6). */
function probabilityBelow(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-18; n++) {
    term *= (x * x) / (2 * n + 1);
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}

describe('normalQuantile', () => {
  // By mpmath, with 50 digits.
  it.each([
    [2 ** -33, -6.3379577545537895],
    [1e-9, -5.9978070150076865],
    [1e-5, -4.264890793922825],
    [0.001, -3.0902323061678136],
    [0.075, -1.4395314709384563],
    [0.25, -0.6744897501960817],
    [0.5, 0],
    [0.975, 1.9599639845400543],
    [1 - 2 ** -20, 4.763001034267814],
  ])('%d: %d', (p, expected) => expect(normalQuantile(p)).toBeCloseTo(expected, 12));

  it('rises without a step where its formulas meet, and is odd around 1/2', () => {
    const around = (p: number) => [-2, -1, 0, 1, 2].map((step) => normalQuantile(p + step * 1e-12));
    for (const values of [around(0.075), around(0.925)]) {
      const steps = values.slice(1).map((value, i) => value - values[i]!);
      for (const step of steps) expect(step).toBeGreaterThan(0);
      expect(Math.max(...steps)).toBeLessThan(2 * Math.min(...steps));
    }
    for (const p of [1 / 2 ** 30, 1 / 1024, 0.125, 0.375])
      expect(normalQuantile(1 - p)).toBe(-normalQuantile(p));
  });
});

describe('normals', () => {
  // Computed by a program of its own: Philox from the paper, quantiles by mpmath with 50 digits, rounded to float32.
  it('are the bytes computed elsewhere with 50 digits', () => {
    expect(bytes(normals(7, 'golden', 8)).toString('hex')).toBe(
      '9a7f103f4b5c9fbfba593bbfd8af15be600886bfc12496bf2764bebf5d7a763e',
    );
    expect(bytes(normals(2 ** 32 - 1, 'sample', 4)).toString('hex')).toBe('df2ca63e9fd680be28bbcdbdaff336bd');
    expect(
      createHash('sha256')
        .update(bytes(normals(1, 'golden', 4096)))
        .digest('hex'),
    ).toBe('8064674014eff5a39175441381a44fffde9c5382d2385684ad2e1a226553faae');
  });

  it('have the moments of a standard normal, within five standard errors', () => {
    const n = 100_000;
    const values = normals(3, 'moments', n);
    const moment = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / n;
    // The variance of x^k is E[x^2k] - E[x^k]^2, with even moments 1, 3, 15, 105.
    expect(Math.abs(moment(1))).toBeLessThan(5 * Math.sqrt(1 / n));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    expect(Math.abs(moment(3))).toBeLessThan(5 * Math.sqrt(15 / n));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / n));
  });

  it('are distributed as a standard normal (Kolmogorov-Smirnov, at 0.1 %)', () => {
    const n = 20_000;
    const ascending = normals(4, 'distribution', n).sort();
    let distance = 0;
    ascending.forEach((value, i) => {
      const p = probabilityBelow(value);
      distance = Math.max(distance, Math.abs(p - i / n), Math.abs(p - (i + 1) / n));
    });
    expect(distance).toBeLessThan(1.95 / Math.sqrt(n));
  });

  it('begin alike however many there are, and differ by seed and by stream', () => {
    const many = normals(1, 'a', 1003);
    expect(normals(1, 'a', 10)).toEqual(many.slice(0, 10));
    expect(normals(2, 'a', 1003)).not.toEqual(many);
    const other = normals(1, 'b', 1003);
    const correlation = other.reduce((sum, value, i) => sum + value * many[i]!, 0) / 1003;
    expect(Math.abs(correlation)).toBeLessThan(5 / Math.sqrt(1003));
  });
});

describe('sampleCodes', () => {
  it('are normals of the temperature, row by row', () => {
    const codes = sampleCodes({ count: 3, codeSize: 4, seed: 9, temperature: 0.5 });
    expect([codes.rowCount, codes.width]).toEqual([3, 4]);
    expect(codes.data).toEqual(normals(9, 'sample', 12).map((value) => value / 2));
    expect(sampleCodes({ count: 2, codeSize: 4, seed: 9 }).data).toEqual(normals(9, 'sample', 8));
    expect(sampleCodes({ count: 1, codeSize: 2, seed: 9, temperature: 0 }).data.map(Math.abs)).toEqual(
      new Float32Array(2),
    );
  });
});
