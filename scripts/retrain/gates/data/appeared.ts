import { percent } from '../../../../training/report/format.ts';
import { categoryShares, named, unseenNoise } from './categories.ts';
import { columnGate } from './columnGate.ts';

/** Detects new spellings and mixed-up columns. A few rows of a new category are no reason to refuse the rest. */
export const appeared = columnGate({
  summary: "new categories have at most this share of each column's rows",
  limit: 0.02,
  shown: percent,
  measure: (pair) => {
    const found = categoryShares(pair)?.filter(({ now, before }) => now > 0 && before === 0);
    if (found === undefined) return undefined;
    const { sizes } = pair;
    return {
      figure: found.reduce((sum, { now }) => sum + now, 0),
      noise: unseenNoise(pair.before, sizes.before, sizes.now),
      detail: found.length === 0 ? 'none' : named(found),
    };
  },
});
