import { quantile } from '../../../../shared/quantile.ts';
import { columnGate } from './columnGate.ts';

/** Times the farthest of the champion's values that a value may be away from the median, without a long tail. */
const FARTHEST = 10;
/** Most that a long tail adds to it, as a factor. */
const LONGEST = 1000;

/**
 * Detects values that are absurd, such as -999.9 for what was not measured: a few rows are no share of any column, but
 * they decide its deviation, by which it is scaled, and the mean error of both versions, by which they are judged.
 */
export const extremes = columnGate({
  summary:
    "no value of a column of numbers is more than this many times as far from the champion's median as the farthest of the champion's values on that side; up to a thousand times as many with long tails",
  limit: FARTHEST,
  shown: (figure) => `${Number(figure.toPrecision(3))} times`,
  measure: ({ before: { quantiles: known }, column }) => {
    if (column.type !== 'number' || known === undefined) return undefined;
    const whole = known.at(-1)! - known[0]!;
    if (whole === 0) return undefined;
    const middle = quantile(known, 0.5);
    const sides = [-1, 1].map((sign) => {
      const distance = (value: number) => sign * (value - middle);
      const ofShare = (share: number) => distance(quantile(known, sign < 0 ? 1 - share : share));
      // What has no values on a side is as wide there as on the other.
      const unit = ofShare(1) || whole;
      let [most, value] = [0, middle];
      for (const each of column.values) if (distance(each) > most) [most, value] = [distance(each), each];
      return { figure: most / unit, value, noise: FARTHEST * tail(ofShare(0.9), ofShare(0.99), ofShare(1)) };
    });
    const worst = sides.reduce((a, b) => (b.figure / b.noise > a.figure / a.noise ? b : a));
    const { figure, noise, value } = worst;
    const range = `was ${known[0]!.toPrecision(4)} to ${known.at(-1)!.toPrecision(4)}`;
    return { figure, noise, detail: `${value.toPrecision(4)}, ${range}` };
  },
});

/**
 * A factor for how much farther the farthest of other rows may be: the square of the ratio of successive quantiles, which
 * is 3 for normal numbers, 6 for exponential ones and 100 or more for those without a mean.
 */
function tail(...distances: readonly [number, number, number]): number {
  const [tenth, hundredth, all] = distances;
  const ratios = [hundredth / tenth, all / hundredth].map((ratio) => (ratio >= 1 ? ratio : LONGEST));
  return Math.min(LONGEST, Math.max(...(all === 0 ? [1] : ratios)) ** 2);
}
