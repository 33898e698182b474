import { percent } from '../../../../training/report/format.ts';
import { type CategoryShare, categoryShares } from './categories.ts';
import { columnGate, STANDARD_ERRORS } from './columnGate.ts';

/** Share of a category that has none: the index takes logarithms. */
const LEAST = 0.0005;

/**
 * Detects other proportions of categories by the population stability index, as credit scoring uses it: the sum
 * of (p - q) log(p / q) over the categories. Below 0.1 a population is called stable, above 0.25 another one.
 */
export const shares = columnGate({
  summary: 'the shares of the categories of no column differ by more than this (population stability index)',
  limit: 0.1,
  shown: (figure) => figure.toFixed(3),
  measure: (pair) => {
    // New and lost categories have gates of their own.
    const common = categoryShares(pair)?.filter(({ now, before }) => now > 0 && before > 0);
    if (common === undefined || common.length < 2) return undefined;
    const total = (of: 'now' | 'before') => common.reduce((sum, each) => sum + each[of], 0);
    const [own, old] = [total('now'), total('before')];
    const parts = common.map((each) => ({ ...each, part: partOf(each.now / own, each.before / old) }));
    const most = parts.reduce((a, b) => (b.part > a.part ? b : a));
    const chance = 1 / pair.independent.now + 1 / pair.independent.before;
    const freedom = common.length - 1;
    return {
      figure: parts.reduce((sum, { part }) => sum + part, 0),
      // By chance, the index is about a chi-squared number times `chance`.
      noise: chance * chiSquaredQuantile(freedom),
      detail: changed(most),
    };
  },
});

/** The quantile of a chi-squared number at four standard errors (Wilson and Hilferty, 1931). */
function chiSquaredQuantile(freedom: number): number {
  const variance = 2 / (9 * freedom);
  return freedom * (1 - variance + STANDARD_ERRORS * Math.sqrt(variance)) ** 3;
}

function partOf(now: number, before: number): number {
  const [p, q] = [Math.max(now, LEAST), Math.max(before, LEAST)];
  return (p - q) * Math.log(p / q);
}

function changed({ name, now, before }: CategoryShare): string {
  return `${name} ${percent(before)} became ${percent(now)}`;
}
