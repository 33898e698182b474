import { columnGate } from './columnGate.ts';

/** Critical value of the two-sample Kolmogorov-Smirnov test at a significance level of 0.0001. */
const CRITICAL = Math.sqrt(-Math.log(0.0001 / 2) / 2);

/**
 * Detects shifts and other shapes by the distance of Kolmogorov and Smirnov: the largest difference between the
 * two cumulative distributions. A shift by half a standard deviation has a distance of 0.2.
 */
export const quantiles = columnGate({
  summary:
    "the distribution of no column of numbers is further than this from the champion's (Kolmogorov-Smirnov)",
  limit: 0.15,
  shown: (figure) => figure.toFixed(3),
  measure: ({ before, column, independent }) => {
    const known = before.quantiles;
    if (column.type !== 'number' || known === undefined) return undefined;
    const resolution = 1 / (known.length - 1);
    const middle = Math.floor(known.length / 2);
    const present = column.values.filter((value) => !Number.isNaN(value)).sort();
    return {
      figure: distance(known, present),
      noise: CRITICAL * Math.sqrt(1 / independent.now + 1 / independent.before) + resolution,
      detail: `median ${known[middle]!.toPrecision(4)} became ${present[Math.floor(present.length / 2)]!.toPrecision(4)}`,
    };
  },
});

/** Distance between a distribution that is known by its quantiles and a sample, in ascending order. */
export function distance(known: readonly number[], sample: ArrayLike<number>): number {
  const steps = known.length - 1;
  let largest = 0;
  for (let i = 0, at = 0; i <= steps; ) {
    // Of equal quantiles, the first is where the distribution reaches the value, the last where it leaves it.
    let last = i;
    while (last < steps && known[last + 1] === known[i]) last++;
    while (at < sample.length && sample[at]! < known[i]!) at++;
    const below = at / sample.length;
    while (at < sample.length && sample[at]! <= known[i]!) at++;
    const upTo = at / sample.length;
    // The quantiles 0 and 1 are reached by the extremes alone, beyond which values may lie.
    if (i > 0) largest = Math.max(largest, Math.abs(below - i / steps));
    else largest = Math.max(largest, below);
    largest = Math.max(largest, last === steps ? 1 - upTo : Math.abs(upTo - last / steps));
    i = last + 1;
  }
  return largest;
}
