import { describe, expect, it } from 'vitest';
import { float16Bits, float16Value } from '../../shared/float16.ts';

/** Decodes IEEE 754 binary16 by its definition. */
function decode(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 0x3ff;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

describe('float16', () => {
  const halves = Array.from({ length: 0x10000 }, (_, half) => half);

  it('is decoded by its definition', () => {
    expect(halves.filter((half) => !Object.is(float16Value(half), decode(half)))).toEqual([]);
  });

  it('encodes every decoded float16 to the same bits', () => {
    const numbers = halves.filter((half) => !Number.isNaN(decode(half)));
    expect(numbers.filter((half) => float16Bits(decode(half)) !== half)).toEqual([]);
    expect(decode(float16Bits(Number.NaN))).toBeNaN();
  });

  it('rounds to the nearest, ties to even', () => {
    const wrong = Array.from({ length: 0x7bff }, (_, half) => half).filter((half) => {
      const [below, above] = [decode(half), decode(half + 1)];
      const between = [0.5, 0.49, 0.51].map((share) => float16Bits(-(below + (above - below) * share)));
      return between.join() !== [half + (half % 2), half, half + 1].map((bits) => bits | 0x8000).join();
    });
    expect(wrong).toEqual([]);
    expect([65519, 65520, 1e9].map(float16Bits)).toEqual([0x7bff, 0x7c00, 0x7c00]);
  });
});
