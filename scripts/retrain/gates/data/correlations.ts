/** Correlations of a profile, and how far chance moves them from one night to the next. */
import type { ColumnProfile } from '../../../../training/data/columnProfile.ts';
import { NO_VALUE, type Related, type Relations } from '../../../../training/data/relations.ts';
import { studentQuantile } from './studentQuantile.ts';

/** A figure that other rows would have made another one. */
export interface Varying {
  readonly rows: number;
  /** Rows of the rarer of the categories, or of all others if these are fewer; of two columns of numbers, all rows. */
  readonly fewest: number;
  /** Its variance, times the rows. */
  readonly variance: number;
}

export interface Correlation extends Varying {
  readonly a: Related;
  readonly b: Related;
  readonly correlation: number;
  /** Share of the rows that are of the category; undefined if not exactly one of the two is one. */
  readonly share: number | undefined;
}

/**
 * Correlations by a key that does not depend on the order of the columns.
 * @param lateLabel The label, if rows may lack it: which ones do says nothing about them.
 */
export function correlationsIn(
  { variables, pairs, variances }: Relations,
  columns: readonly ColumnProfile[],
  lateLabel?: string,
): Map<string, Correlation> {
  const shareOf = sharesIn(columns);
  const isLate = ({ column, category }: Related) => column === lateLabel && category === NO_VALUE;
  return new Map(
    pairs.flatMap(([i, j, correlation, rows], place) => {
      const [a, b] = [variables[i]!, variables[j]!];
      if (isLate(a) || isLate(b)) return [];
      const key = [a, b]
        .map(({ column, category, spread, hour }) => JSON.stringify([column, category, spread, hour]))
        .sort();
      const shares = [a, b].flatMap((each) => (each.category === undefined ? [] : [shareOf(each) ?? 0]));
      const fewest = rows * Math.min(1, ...shares.map((share) => Math.min(share, 1 - share)));
      const variance = variances?.[place] ?? supposedVariance(correlation, shares);
      const share = shares.length === 1 ? shares[0] : undefined;
      return [[key.join(), { a, b, correlation, rows, fewest, share, variance }] as const];
    }),
  );
}

/**
 * Times the champion's variance, or that of independent rows, that tonight's counts at most: rows that were changed in
 * blocks would make up their own chance.
 */
const MOST_CLUSTERED = 3;

/**
 * Returns how far two figures of the same rows come apart by chance: their variance, which is the same on both nights
 * unless something has changed, is known from both, and of few rows hardly better than the figures.
 */
export function chanceOf(own: Varying, old: Varying, significance: number): number {
  const ofOwn = Math.min(own.variance, MOST_CLUSTERED * Math.max(old.variance, 1));
  const variance = (ofOwn * own.rows + old.variance * old.rows) / (own.rows + old.rows);
  const freedom = Math.max(1, own.fewest + old.fewest - 2);
  return studentQuantile(1 - significance, freedom) * Math.sqrt(variance * (1 / own.rows + 1 / old.rows));
}

/** Returns a function that tells the share of the rows of a category. */
function sharesIn(columns: readonly ColumnProfile[]): (category: Related) => number | undefined {
  const shares = new Map(
    columns.map(({ name, missing, shares = [] }) => [name, new Map(shares).set(NO_VALUE, missing)]),
  );
  return ({ column, category }) => shares.get(column)?.get(category!);
}

/**
 * The variance of a rank correlation of normal numbers (Bonett and Wright, 2000), for profiles of earlier releases.
 * That of two categories varies the more the rarer they are.
 */
function supposedVariance(correlation: number, shares: readonly number[]): number {
  const squared = correlation ** 2;
  return shares.length === 2
    ? phiVariance(correlation, shares[0]!, shares[1]!)
    : (1 - squared) ** 2 * (1 + squared / 2);
}

/** Variance of the correlation of two categories, by their shares (Bishop, Fienberg and Holland, 1975, section 11.4). */
function phiVariance(phi: number, a: number, b: number): number {
  const [skewA, skewB] = [a, b].map((share) => (1 - 2 * share) / Math.sqrt(share * (1 - share)));
  const skewed = phi * (1 + phi ** 2 / 2) * skewA! * skewB! - 0.75 * phi ** 2 * (skewA! ** 2 + skewB! ** 2);
  return Math.max(0, 1 - phi ** 2 + skewed);
}
