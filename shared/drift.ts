/** Drift of feature means from the training rows, for served requests and for newer data alike. */

/** Relative difference above which a constant column has changed: more than float32 rounding explains. */
const ROUNDING = 1e-5;

/** True if a column that was constant in training, at `mean`, has not moved by more than rounding. */
export function isSameConstant(difference: number, mean: number): boolean {
  return difference <= ROUNDING * Math.max(1, Math.abs(mean));
}

/**
 * Returns the mean over features of |mean - training's mean| in training's standard deviations, in [0, 1];
 * null without features. Each shift is capped at 1, so that one feature that hardly varied in training cannot
 * dominate. A null shift, that of a constant that changed, counts as 1.
 */
export function driftScore(shifts: readonly (number | null)[]): number | null {
  if (shifts.length === 0) return null;
  return shifts.reduce<number>((sum, shift) => sum + Math.min(1, shift ?? 1), 0) / shifts.length;
}
