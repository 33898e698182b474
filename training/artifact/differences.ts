/** How far two runs of one graph are apart. */
import type { NumberTensor } from '../graph/types.ts';

/** Largest absolute difference and largest magnitude of one output; NaN where either side has one. */
export interface Difference {
  readonly difference: number;
  readonly magnitude: number;
}

export function worse(a: Difference | undefined, b: Difference): Difference {
  if (a === undefined) return b;
  return {
    difference: Math.max(a.difference, b.difference),
    magnitude: Math.max(a.magnitude, b.magnitude),
  };
}

export function compareValues({ data: expected }: NumberTensor, { data: actual }: NumberTensor): Difference {
  let difference = 0;
  let magnitude = 0;
  for (let i = 0; i < expected.length; i++) {
    difference = Math.max(difference, Math.abs(Number(expected[i]) - Number(actual[i])));
    magnitude = Math.max(magnitude, Math.abs(Number(expected[i])));
  }
  return { difference, magnitude };
}

/**
 * Integers, which are the same or not. Entries ordered by `scores` may change places with neighbours whose scores are
 * equal within `tolerance` (of the scores' largest magnitude where that exceeds 1), and the last one with what follows
 * it: the runtimes add in different orders, so that either may come out ahead.
 */
export function compareRanking(
  expected: NumberTensor,
  actual: NumberTensor,
  scores: NumberTensor | undefined,
  tolerance: number,
): Difference {
  const width = expected.shape.at(-1) ?? 1;
  const allowed = tolerance * Math.max(1, scores === undefined ? 0 : compareValues(scores, scores).magnitude);
  const tied = (i: number, j: number) =>
    Math.abs(Number(scores!.data[i]) - Number(scores!.data[j])) <= allowed;
  const excused = (i: number) => {
    if (scores === undefined) return false;
    const [first, last] = [i % width === 0, i % width === width - 1];
    return last || tied(i, i + 1) || (!first && tied(i - 1, i));
  };
  const differ = expected.data.findIndex(
    (value: number | bigint, i: number) => value !== actual.data[i] && !excused(i),
  );
  return { difference: differ < 0 ? 0 : Number.POSITIVE_INFINITY, magnitude: 0 };
}
