/** Differences between the outputs of two runs of one graph. */
import type { NumberTensor } from '../graph/types.ts';

/**
 * Largest absolute difference and largest magnitude of one output, or of the terms that it is computed from if these
 * are larger; `difference` is NaN if either side has a NaN.
 */
export interface Difference {
  readonly difference: number;
  readonly magnitude: number;
}

/** Combines two differences by taking the larger of each figure. */
export function worse(a: Difference | undefined, b: Difference): Difference {
  if (a === undefined) return b;
  return {
    difference: Math.max(a.difference, b.difference),
    magnitude: Math.max(a.magnitude, b.magnitude),
  };
}

/** @param terms Magnitudes of what the values are computed from, if rounding depends on these. */
export function compareValues(
  { data: expected }: NumberTensor,
  { data: actual }: NumberTensor,
  terms?: NumberTensor,
): Difference {
  let difference = 0;
  let magnitude = 0;
  for (let i = 0; i < expected.length; i++) {
    difference = Math.max(difference, Math.abs(Number(expected[i]) - Number(actual[i])));
    magnitude = Math.max(magnitude, Math.abs(Number(expected[i])));
  }
  for (const term of terms?.data ?? []) magnitude = Math.max(magnitude, Number(term));
  return { difference, magnitude };
}

/**
 * Compares integers, which match (difference 0) or not (infinity). Entries ranked by `scores` may swap places
 * with neighbours whose scores are equal within `tolerance` (times the largest magnitude of the scores, if
 * above 1), and the last entry may be replaced by the one that follows it: runtimes add in different orders,
 * so either may come out ahead.
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
