import { normalQuantile } from '../../../../shared/normal.ts';
import type { Related, Relations } from '../../../../training/data/relations.ts';
import type { DataGate } from '../gate.ts';

/** Probability that chance alone makes any pair of an honest night significant. */
export const SIGNIFICANCE = 0.0001;

/** Detects columns that were shuffled, shifted, exchanged or joined to other rows: each is as before by itself. */
export const relations: DataGate = {
  summary:
    "the rank correlation of no two columns of numbers, nor of one and a category, differs by more than this from the champion's",
  limit: 0.12,
  judge: ({ now, before }, limit) => {
    if (now.relations === undefined || before?.relations === undefined) return undefined;
    const known = correlationsIn(before.relations);
    const common = [...correlationsIn(now.relations)].flatMap(([key, own]) => {
      const old = known.get(key);
      return old === undefined ? [] : [{ ...own, old }];
    });
    if (common.length === 0) return undefined;
    const critical = -normalQuantile(SIGNIFICANCE / 2 / common.length);
    const judged = common.map(({ old, ...own }) => ({
      ...{ own, old, figure: Math.abs(own.correlation - old.correlation) },
      threshold: Math.max(limit, critical * deviation(own, old)),
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
      const key = [a, b].map(({ column, category }) => JSON.stringify([column, category])).sort();
      return [key.join(), { a, b, correlation, rows }];
    }),
  );
}

/**
 * Standard deviation of the difference of two rank correlations that are the same but for chance (Bonett and Wright,
 * 2000), by the weaker of them: the closer a correlation is to 1, the less it varies.
 */
function deviation(own: Correlation, old: Correlation): number {
  const squared = Math.min(own.correlation ** 2, old.correlation ** 2);
  const variance = (1 - squared) ** 2 * (1 + squared / 2);
  return Math.sqrt(variance / (own.rows - 3) + variance / (old.rows - 3));
}

function named({ column, category }: Related): string {
  return category === undefined ? column : `${column} ${category}`;
}
