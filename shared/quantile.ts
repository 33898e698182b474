/** Quantiles of samples, and their inverse. */

/**
 * Returns the quantile at `share` in [0, 1] of ascending values, at least one, interpolated linearly between
 * neighbours (Hyndman & Fan's type 7, NumPy's default).
 */
export function quantile(ascending: ArrayLike<number>, share: number): number {
  const position = (ascending.length - 1) * share;
  const below = Math.floor(position);
  const above = Math.min(below + 1, ascending.length - 1);
  return ascending[below]! + (ascending[above]! - ascending[below]!) * (position - below);
}

/**
 * Returns the percentage of values below `value`, in [0, 100], given their 101 quantiles (0 %, 1 % ... 100
 * %): the inverse of `quantile`. Equal quantiles count as not below.
 */
export function percentileOf(value: number, quantiles: readonly number[]): number {
  const above = quantiles.findIndex((each) => each >= value);
  if (above < 0) return 100;
  if (above === 0) return 0;
  const [low, high] = [quantiles[above - 1]!, quantiles[above]!];
  return above - 1 + (value - low) / (high - low);
}
