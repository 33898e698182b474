import { smallPercent } from '../../../../training/report/format.ts';
import { columnGate } from './columnGate.ts';

/** Widening of the known range on both sides, as a share of it: extremes are never quite the same. */
const MARGIN = 0.25;
/** The same for numbers with few distinct values, such as counts: the next count is no other unit. */
const WIDE_MARGIN = 1;
/** Rows that may lie outside in any case. */
const ROWS = 5;

/** Detects values in other units in a few rows, which change neither deviation nor quantiles. */
export const range = columnGate({
  summary:
    "at most this share of the values of each column of numbers lies outside the range of the champion's, widened by a quarter on both sides (by all of it for numbers with few distinct values)",
  limit: 0.005,
  shown: smallPercent,
  measure: ({ now, before, column, sizes }) => {
    const known = before.quantiles;
    if (column.type !== 'number' || known === undefined || now.quantiles === undefined) return undefined;
    const [low, high] = [known[0]!, known.at(-1)!];
    const margin = (before.shares === undefined ? MARGIN : WIDE_MARGIN) * (high - low);
    if (margin === 0) return undefined;
    let outside = 0;
    for (const value of column.values) if (value < low - margin || value > high + margin) outside++;
    const own = `${now.quantiles[0]!.toPrecision(4)} to ${now.quantiles.at(-1)!.toPrecision(4)}`;
    return {
      figure: outside / sizes.now,
      noise: ROWS / sizes.now,
      detail: `${own}, was ${low.toPrecision(4)} to ${high.toPrecision(4)}`,
    };
  },
});
