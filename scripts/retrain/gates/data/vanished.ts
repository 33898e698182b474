import { percent } from '../../../../training/report/format.ts';
import { categoryShares, named, unseenNoise } from './categories.ts';
import { columnGate } from './columnGate.ts';

/** Detects categories that are missing from the data: a shop, a region or a class that was not exported. */
export const vanished = columnGate({
  summary: "categories that have vanished were at most this share of each column's rows",
  limit: 0.02,
  shown: percent,
  measure: (pair) => {
    const lost = categoryShares(pair)?.filter(({ now, before }) => now === 0 && before > 0);
    if (lost === undefined) return undefined;
    const { sizes } = pair;
    return {
      figure: lost.reduce((sum, { before }) => sum + before, 0),
      noise: unseenNoise(pair.now, sizes.now, sizes.before),
      detail: lost.length === 0 ? 'none' : named(lost),
    };
  },
});
