import { normalQuantile } from '../../../../shared/normal.ts';
import type { ColumnProfile } from '../../../../training/data/columnProfile.ts';
import type { Related, Relations } from '../../../../training/data/relations.ts';
import type { DataGate } from '../gate.ts';

/** Probability that chance alone makes any pair of an honest night significant. */
export const SIGNIFICANCE = 0.0001;

/**
 * Detects columns that were shuffled, shifted, exchanged or joined to other rows: each is as before by itself. How far
 * numbers spread in a category is for the gate `groups`.
 */
export const relations: DataGate = {
  summary:
    "the rank correlation of no two columns of numbers, nor of one and a category, nor of two categories, differs by more than this from the champion's",
  limit: 0.12,
  judge: ({ now, before }, limit) => {
    if (now.relations === undefined || before?.relations === undefined) return undefined;
    const known = correlationsIn(before.relations);
    const common = [...correlationsIn(now.relations)].flatMap(([key, own]) => {
      const old = known.get(key);
      return old === undefined || own.a.spread || own.b.spread ? [] : [{ ...own, old }];
    });
    if (common.length === 0) return undefined;
    const [shareNow, shareBefore] = [sharesIn(now.columns), sharesIn(before.columns)];
    const critical = -normalQuantile(SIGNIFICANCE / 2 / common.length);
    const judged = common.map(({ old, ...own }) => ({
      ...{ own, old, figure: Math.abs(own.correlation - old.correlation) },
      threshold: Math.max(
        limit,
        critical * Math.sqrt(varianceOf(own, old, shareNow) + varianceOf(old, own, shareBefore)),
      ),
    }));
    const { own, old, figure, threshold } = judged.reduce((a, b) =>
      b.figure / b.threshold > a.figure / a.threshold ? b : a,
    );
    return {
      passed: figure <= threshold,
      figures: `${named(own.a)} and ${named(own.b)}: correlation ${old.correlation.toFixed(2)} became ${own.correlation.toFixed(2)}, ${figure.toFixed(2)} apart, limit ${threshold.toFixed(2)}`,
      figure,
      threshold,
      column: own.a.column,
    };
  },
};

export interface Correlation {
  readonly a: Related;
  readonly b: Related;
  readonly correlation: number;
  readonly rows: number;
}

/** Correlations by a key that does not depend on the order of the columns. */
export function correlationsIn({ variables, pairs }: Relations): Map<string, Correlation> {
  return new Map(
    pairs.map(([i, j, correlation, rows]) => {
      const [a, b] = [variables[i]!, variables[j]!];
      const key = [a, b]
        .map(({ column, category, spread }) => JSON.stringify([column, category, spread]))
        .sort();
      return [key.join(), { a, b, correlation, rows }];
    }),
  );
}

type ShareOf = (category: Related) => number | undefined;

/** Returns a function that tells the share of the rows of a category. */
export function sharesIn(columns: readonly ColumnProfile[]): ShareOf {
  const shares = new Map(columns.map(({ name, shares = [] }) => [name, new Map(shares)]));
  return ({ column, category }) => shares.get(column)?.get(category!);
}

/**
 * Variance of a rank correlation (Bonett and Wright, 2000), by the weaker of the two that are compared: the closer a
 * correlation is to 1, the less it varies. That of two categories varies the more the rarer they are.
 */
function varianceOf(own: Correlation, other: Correlation, shareOf: ShareOf): number {
  const [a, b] = [shareOf(own.a), shareOf(own.b)];
  if (own.a.category !== undefined && own.b.category !== undefined && a !== undefined && b !== undefined)
    return phiVariance(own.correlation, a, b) / own.rows;
  const squared = Math.min(own.correlation ** 2, other.correlation ** 2);
  return ((1 - squared) ** 2 * (1 + squared / 2)) / (own.rows - 3);
}

/** Variance of the correlation of two categories, by their shares (Bishop, Fienberg and Holland, 1975, section 11.4). */
function phiVariance(phi: number, a: number, b: number): number {
  const [skewA, skewB] = [a, b].map((share) => (1 - 2 * share) / Math.sqrt(share * (1 - share)));
  const skewed = phi * (1 + phi ** 2 / 2) * skewA! * skewB! - 0.75 * phi ** 2 * (skewA! ** 2 + skewB! ** 2);
  return Math.max(0, 1 - phi ** 2 + skewed);
}

function named({ column, category }: Related): string {
  return category === undefined ? column : `${column} ${category}`;
}
