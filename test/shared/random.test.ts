import { describe, expect, it } from 'vitest';
import { permutation, philox4x32, random } from '../../shared/random.ts';

type Counter = [number, number, number, number];

/** Known answers for Philox4x32-10 published with the authors' Random123 library (kat_vectors). */
const KNOWN_ANSWERS: [Counter, [number, number], number[]][] = [
  [
    [0, 0, 0, 0],
    [0, 0],
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  ],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
];

describe('random', () => {
  it.each(KNOWN_ANSWERS)('is Philox4x32-10: counter %j, key %j', (counter, key, expected) => {
    const out = new Uint32Array(4);
    philox4x32(counter, key, out);
    expect([...out]).toEqual(expected);
  });

  it('repeats by seed, and differs by seed and by stream', () => {
    const first = (seed: number, stream: string) => {
      const source = random(seed, stream);
      return Array.from({ length: 9 }, () => source.uint32());
    };
    expect(first(1, 'a')).toEqual(first(1, 'a'));
    expect(first(1, 'a')).not.toEqual(first(2, 'a'));
    expect(first(1, 'a')).not.toEqual(first(1, 'b'));
  });

  it('is uniform: mean 1/2 and variance 1/12 within five standard errors', () => {
    const source = random(7, 'uniform');
    const n = 100_000;
    const values = Float64Array.from({ length: n }, () => source.uniform());
    const mean = values.reduce((sum, value) => sum + value, 0) / n;
    const variance = values.reduce((sum, value) => sum + (value - 0.5) ** 2, 0) / n;
    expect(Math.abs(mean - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / n));
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / n));
    expect(Math.min(...values.subarray(0, 1000))).toBeGreaterThanOrEqual(0);
    expect(values.every((value) => value < 1 && Math.fround(value) === value)).toBe(true);
  });

  it('draws integers below the bound, each about equally often', () => {
    const source = random(3, 'integers');
    const counts = new Array<number>(7).fill(0);
    for (let i = 0; i < 70_000; i++) counts[source.integer(7)]!++;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(5 * Math.sqrt(10_000));
  });

  it('permutes: every index once, another order for another seed', () => {
    const order = permutation(1000, random(1, 'shuffle'));
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    expect([...order]).not.toEqual([...permutation(1000, random(2, 'shuffle'))]);
  });
});
