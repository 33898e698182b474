import { quantile } from '../../../../shared/quantile.ts';
import type { ColumnProfile } from '../../../../training/data/columnProfile.ts';
import { percent } from '../../../../training/report/format.ts';
import { columnGate, STANDARD_ERRORS } from './columnGate.ts';

/** Detects other units, sentinels such as -999, columns that were stretched, and those that hardly vary any more. */
export const spread = columnGate({
  summary:
    'the standard deviation of no column of numbers, without its outermost 2 %, grows or shrinks by more than this factor, or of two values by 1.41, as if the odds double',
  limit: 1.25,
  shown: (figure) => `${figure.toFixed(2)} times`,
  measure: ({ now, before, independent }) => {
    const [own, old] = [now.deviation, before.deviation];
    if (own === undefined || old === undefined || (own === 0 && old === 0)) return undefined;
    const factors = [own / old, ...factorWithin(now, before, independent)];
    const error = Math.hypot(
      errorOf(now) / Math.sqrt(independent.now),
      errorOf(before) / Math.sqrt(independent.before),
    );
    const figure = Math.min(...factors.map((ratio) => Math.max(ratio, 1 / ratio)));
    const noise = Math.exp(STANDARD_ERRORS * error);
    const flagged = sharesOfFlag(now, before);
    if (flagged === undefined)
      return { figure, noise, detail: `${old.toPrecision(3)} became ${own.toPrecision(3)}` };
    return { figure, noise: Math.max(noise, OF_FLAG), detail: flagged };
  },
});

/**
 * Factor by which the deviation of a rare flag changes if its odds double, which `classes` passes of labels: some nights
 * have half as many alarms again.
 */
const OF_FLAG = Math.SQRT2;

/** How frequent the rarer one of the same two values was, and is; undefined for columns of other values. */
function sharesOfFlag(now: ColumnProfile, before: ColumnProfile): string | undefined {
  const [own, old] = [now.shares, before.shares];
  const rarer = old?.[1];
  if (own?.length !== 2 || old?.length !== 2 || rarer === undefined) return undefined;
  const shares = new Map(own);
  const share = shares.get(rarer[0]);
  if (share === undefined || !shares.has(old[0]![0])) return undefined;
  return `${rarer[0]} in ${percent(rarer[1])} became ${percent(share)}`;
}

/** Rows of each value, on average, from which on one value may decide where the outermost rows are cut off. */
const ROWS_OF_VALUE = 50;
/** Quantiles beyond which values count as if they lay there. */
const WITHIN = [0.03, 0.97] as const;

/**
 * The factor of the deviation of values that are moved to within narrower quantiles, where there are few values, such as
 * the prices of a catalogue: the dearest one is within the others by one row of a hundred, and is left out on another
 * night.
 */
function factorWithin(
  now: ColumnProfile,
  before: ColumnProfile,
  rows: { readonly now: number; readonly before: number },
): number[] {
  if (now.distinct * ROWS_OF_VALUE > rows.now || before.distinct * ROWS_OF_VALUE > rows.before) return [];
  const [own, old] = [now, before].map(({ quantiles = [0] }) =>
    Math.sqrt(varianceOf(moved(quantiles, ...WITHIN))),
  );
  return own! > 0 && old! > 0 ? [own! / old!] : [];
}

/** Evenly spaced values of a distribution, of which those beyond two quantiles lie there. */
function moved(quantiles: readonly number[], low: number, high: number): Float64Array {
  return Float64Array.from({ length: STEPS }, (_, step) =>
    quantile(quantiles, Math.min(high, Math.max(low, (step + 0.5) / STEPS))),
  );
}

function varianceOf(values: Float64Array): number {
  const mean = meanOf(values);
  return meanOf(values.map((value) => (value - mean) ** 2));
}

/** Share of one value beyond which the quantiles say little about the others: those of a leak, in the rows that have one. */
const MOSTLY = 0.2;

/** Quantiles beyond which values are left out of the deviation. */
const [LOW, HIGH] = [0.01, 0.99];
/** Steps that a distribution is taken in. */
const STEPS = 400;

/**
 * Standard error of the logarithm of the deviation of one value. Values beyond the outermost ones that are left in count
 * as if they lay where these do: a deviation varies with where it is cut off (Huber, 1981, section 3.3). The error is 0.7
 * of normal numbers, and more of those with heavy tails.
 */
function errorOf({ top, deviation, quantiles = [0] }: ColumnProfile): number {
  if (!deviation) return Number.POSITIVE_INFINITY;
  const values = moved(quantiles, LOW, HIGH);
  const mean = meanOf(values);
  const squares = values.map((value) => (value - mean) ** 2);
  const variance = meanOf(squares.map((square) => square ** 2)) - meanOf(squares) ** 2;
  const error = Math.sqrt(Math.max(0, variance)) / (2 * (HIGH - LOW) * deviation ** 2);
  return top > MOSTLY ? Math.max(Math.SQRT2, error) : error;
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
