import { columnGate, STANDARD_ERRORS } from './columnGate.ts';

/** Detects other units, sentinels such as -999, and columns that hardly vary any more. */
export const spread = columnGate({
  summary:
    'the standard deviation of no column of numbers, without its outermost 2 %, grows or shrinks by more than this factor',
  limit: 1.5,
  shown: (figure) => `${figure.toFixed(2)} times`,
  measure: ({ now, before, sizes }) => {
    const [own, old] = [now.deviation, before.deviation];
    if (own === undefined || old === undefined || (own === 0 && old === 0)) return undefined;
    const ratio = own / old;
    // The error of the logarithm of a normal deviation is sqrt(1 / 2n); heavier tails have twice that.
    const error = 2 * Math.sqrt(1 / (2 * sizes.now) + 1 / (2 * sizes.before));
    return {
      figure: Math.max(ratio, 1 / ratio),
      noise: Math.exp(STANDARD_ERRORS * error),
      detail: `${old.toPrecision(3)} became ${own.toPrecision(3)}`,
    };
  },
});
