import { smallPercent } from '../../../../training/report/format.ts';
import { columnGate } from './columnGate.ts';

/** Widening of the known range on both sides, as a share of it: extremes are never quite the same. */
const MARGIN = 0.25;
/** The same for numbers with few distinct values, such as counts: the next count is no other unit. */
const WIDE_MARGIN = 1;
/** Rows that may lie outside in any case. */
const ROWS = 5;
/**
 * The same beyond a heavy tail, in which the outermost rows alone take up as much room as the margin: what is larger than
 * all others is often larger by that as well, and the largest of two nights are all of the same one with a probability
 * of about one half for each.
 */
const HEAVY_ROWS = 12;

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
    const longest = Math.max(known[1]! - low, high - known.at(-2)!);
    const isHeavy = known.length > 2 && longest > MARGIN * (high - low);
    let outside = 0;
    for (const value of column.values) if (value < low - margin || value > high + margin) outside++;
    const own = `${now.quantiles[0]!.toPrecision(4)} to ${now.quantiles.at(-1)!.toPrecision(4)}`;
    return {
      figure: outside / sizes.now,
      noise: (isHeavy ? HEAVY_ROWS : ROWS) / sizes.now,
      detail: `${own}, was ${low.toPrecision(4)} to ${high.toPrecision(4)}`,
    };
  },
});
