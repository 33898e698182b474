import { normalQuantile } from '../../../../shared/normal.ts';
import type { Related, Relations } from '../../../../training/data/relations.ts';
import type { DataGate } from '../gate.ts';

/** Probability that chance alone makes any pair of an honest night significant. */
const SIGNIFICANCE = 0.0001;
/** Closer correlations count as this one: near 1, a little noise is a large step on Fisher's scale. */
const CLOSEST = 0.98;

/** Detects columns that were shuffled, shifted, exchanged or joined to other rows: each is as before by itself. */
export const relations: DataGate = {
  summary:
    "the rank correlation of no two columns of numbers, nor of one and a category, differs by more than this from the champion's, on Fisher's z scale",
  limit: 0.15,
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
      ...{ own, old, figure: Math.abs(fisher(own.correlation) - fisher(old.correlation)) },
      threshold: Math.max(limit, critical * Math.sqrt(variance(own) + variance(old))),
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

interface Correlation {
  readonly a: Related;
  readonly b: Related;
  readonly correlation: number;
  readonly rows: number;
}

/** Correlations by a key that does not depend on the order of the columns. */
function correlationsIn({ variables, pairs }: Relations): Map<string, Correlation> {
  return new Map(
    pairs.map(([i, j, correlation, rows]) => {
      const [a, b] = [variables[i]!, variables[j]!];
      const key = [a, b].map(({ column, category }) => JSON.stringify([column, category])).sort();
      return [key.join(), { a, b, correlation, rows }];
    }),
  );
}

function fisher(correlation: number): number {
  return Math.atanh(Math.min(CLOSEST, Math.max(-CLOSEST, correlation)));
}

/** Variance of a rank correlation on Fisher's scale (Bonett and Wright, 2000). */
function variance({ correlation, rows }: Correlation): number {
  return (1 + correlation ** 2 / 2) / (rows - 3);
}

function named({ column, category }: Related): string {
  return category === undefined ? column : `${column} ${category}`;
}
