/** How far the mean of a feature has moved from that of the training rows, wherever it is measured: of requests, or of newer data. */

/** A constant column has changed where it differs by more than float32 rounds, relative to its size. */
const ROUNDING = 1e-5;

/** Whether what was constant in training still is: `difference` is from its `mean`. */
export function isSameConstant(difference: number, mean: number): boolean {
  return difference <= ROUNDING * Math.max(1, Math.abs(mean));
}

/**
 * The mean over features of |mean - training's mean| in training's standard deviations, in [0, 1]; null without features.
 * Each counts as 1 at most, so that one that hardly varied in training cannot stand for all. A constant that changed has
 * no such shift, null, and counts as 1.
 */
export function driftScore(shifts: readonly (number | null)[]): number | null {
  if (shifts.length === 0) return null;
  return shifts.reduce<number>((sum, shift) => sum + Math.min(1, shift ?? 1), 0) / shifts.length;
}
