import { expect } from 'vitest';

/** Equal, but for what float32 rounds: numbers within a millionth of themselves, or of 1. */
export function expectNear(actual: unknown, expected: unknown): void {
  expect(actual).toEqual(near(expected));
}

function near(expected: unknown): unknown {
  if (typeof expected === 'number') return new Near(expected);
  if (Array.isArray(expected)) return expected.map(near);
  if (typeof expected !== 'object' || expected === null) return expected;
  return Object.fromEntries(Object.entries(expected).map(([key, value]) => [key, near(value)]));
}

/** What Vitest's equality asks of a matcher; `expect.closeTo` has an absolute tolerance only. */
class Near {
  readonly $$typeof = Symbol.for('jest.asymmetricMatcher');
  readonly sample: number;
  constructor(sample: number) {
    this.sample = sample;
  }
  asymmetricMatch(actual: unknown): boolean {
    return (
      typeof actual === 'number' &&
      Math.abs(actual - this.sample) <= 1e-6 * Math.max(1, Math.abs(this.sample))
    );
  }
  toAsymmetricMatcher(): string {
    return `near ${this.sample}`;
  }
}
