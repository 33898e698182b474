/** How much of each column the others explain: noise in one is seen here before any correlation of two shows it. */
import { type Regression, RIDGE } from './regression.ts';

/**
 * Returns the place of each column among the variables, the share of its variance that all other columns explain
 * (adjusted for their number), and the standard error of that. Of a category, it is the share of the variance of all its
 * indicators (the tau of Goodman and Kruskal, 1954, if a single other category explains it).
 */
export function explainedShares({
  rows,
  freedom,
  columns,
}: Regression): [place: number, share: number, error: number][] {
  return columns.map(({ variables, unexplained }) => {
    const [first] = variables;
    const own = variables.flatMap((each, i) => (each.spread ? [] : [{ ...each, i }]));
    const total = own.reduce((sum, { variance }) => sum + variance, 0);
    const rest = own.reduce((sum, { variance, i }) => sum + variance * unexplained.get(i, i), 0) / total;
    const left = Math.min(1, (rest * (rows - 1)) / freedom / (1 + RIDGE));
    const { present, varied, place } = first!;
    // Missing values lie in the middle, where nothing explains them.
    const share = Math.min(1, (1 - left) / present);
    // Of a column that is mostly zero, the other values decide.
    const error = (2 * Math.sqrt(Math.max(0, 1 - left) / (varied * freedom)) * left) / present;
    return [place, Number(share.toFixed(4)), Number(error.toFixed(4))];
  });
}
