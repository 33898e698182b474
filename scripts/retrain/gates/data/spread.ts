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
    const error = errorOf(before.quantiles!) * Math.sqrt(1 / sizes.now + 1 / sizes.before);
    return {
      figure: Math.max(ratio, 1 / ratio),
      noise: Math.exp(STANDARD_ERRORS * error),
      detail: `${old.toPrecision(3)} became ${own.toPrecision(3)}`,
    };
  },
});

/**
 * Standard error of the logarithm of the deviation of one value: half the root of the fourth standard moment less 1,
 * here of the quantiles without the outermost ones. It is 0.6 of normal numbers, and more of those with heavy tails.
 */
function errorOf(quantiles: readonly number[]): number {
  const inner = quantiles.length > 4 ? quantiles.slice(1, -1) : quantiles;
  const mean = inner.reduce((sum, value) => sum + value, 0) / inner.length;
  const moment = (power: number) =>
    inner.reduce((sum, value) => sum + (value - mean) ** power, 0) / inner.length;
  const variance = moment(2);
  // Of a column that is mostly one value, a single row decides.
  return variance === 0 ? Number.POSITIVE_INFINITY : Math.sqrt(moment(4) / variance ** 2 - 1) / 2;
}
