import type { ColumnProfile } from '../../../../training/data/columnProfile.ts';
import { columnGate, STANDARD_ERRORS } from './columnGate.ts';

/** Detects other units, sentinels such as -999, columns that were stretched, and those that hardly vary any more. */
export const spread = columnGate({
  summary:
    'the standard deviation of no column of numbers, without its outermost 2 %, grows or shrinks by more than this factor',
  limit: 1.25,
  shown: (figure) => `${figure.toFixed(2)} times`,
  measure: ({ now, before, sizes }) => {
    const [own, old] = [now.deviation, before.deviation];
    if (own === undefined || old === undefined || (own === 0 && old === 0)) return undefined;
    const ratio = own / old;
    const error = errorOf(before) * Math.sqrt(1 / sizes.now + 1 / sizes.before);
    return {
      figure: Math.max(ratio, 1 / ratio),
      noise: Math.exp(STANDARD_ERRORS * error),
      detail: `${old.toPrecision(3)} became ${own.toPrecision(3)}`,
    };
  },
});

/** Share of one value beyond which the quantiles say little about the others: those of a leak, in the rows that have one. */
const MOSTLY = 0.2;

/** Factor for what the outermost quantiles add to the error, which are left out here: about that of heavy tails. */
const TRIMMED = 1.3;

/**
 * Standard error of the logarithm of the deviation of one value: half the root of the fourth standard moment less 1,
 * here of the quantiles without the outermost ones. It is 0.6 of normal numbers, and more of those with heavy tails.
 */
function errorOf({ top, quantiles = [] }: ColumnProfile): number {
  const inner = quantiles.length > 4 ? quantiles.slice(1, -1) : quantiles;
  const mean = inner.reduce((sum, value) => sum + value, 0) / inner.length;
  const moment = (power: number) =>
    inner.reduce((sum, value) => sum + (value - mean) ** power, 0) / inner.length;
  const variance = moment(2);
  if (variance === 0) return Number.POSITIVE_INFINITY;
  const error = (TRIMMED * Math.sqrt(moment(4) / variance ** 2 - 1)) / 2;
  return top > MOSTLY ? Math.max(Math.SQRT2, error) : error;
}
