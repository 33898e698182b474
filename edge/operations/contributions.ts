/** The features behind a score. */
import * as z from 'zod';
import { shortestFloat } from '../../shared/shortestFloat.ts';

export const Contribution = z.lazy(() => {
  const Cell = z.union([z.number(), z.string(), z.boolean()]).nullable();
  return z.strictObject({
    feature: z.union([z.string(), z.number().int()]).describe('The name of the feature, or its position.'),
    value: Cell.describe('The value in the row; null if it is missing.'),
    expected: Cell.describe(
      'The value in the reconstruction, in the same unit; of a category, the most probable one. Null if the model has no reconstruction of it.',
    ),
    error: z.number().nonnegative().describe('The squared difference of the feature.'),
    share: z.number().min(0).max(1).describe('The share of the score of the row.'),
  });
});

export type Contribution = z.infer<typeof Contribution>;

interface Largest extends Pick<Contribution, 'error' | 'share'> {
  readonly position: number;
}

/** Returns the contributions of the `top` features with the largest scores, without sorting all of them. */
export function largest(scores: Float32Array, errors: Float32Array, top: number): Largest[] {
  const total = scores.reduce((sum, score) => sum + score, 0);
  const chosen: number[] = [];
  for (let i = 0; i < scores.length && top > 0; i++) {
    if (chosen.length === top && scores[i]! <= scores[chosen[top - 1]!]!) continue;
    const at = chosen.findIndex((other) => scores[i]! > scores[other]!);
    chosen.splice(at < 0 ? chosen.length : at, 0, i);
    if (chosen.length > top) chosen.pop();
  }
  return chosen.map((i) => ({
    position: i,
    error: shortestFloat(errors[i]!),
    // The sum is rounded, and may be less than the largest score alone.
    share: total === 0 ? 0 : shortestFloat(Math.fround(Math.min(1, scores[i]! / total))),
  }));
}
