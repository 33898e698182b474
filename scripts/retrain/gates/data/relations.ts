import type { Related } from '../../../../training/data/relations.ts';
import type { DataGate } from '../gate.ts';
import { chanceOf, correlationsIn } from './correlations.ts';

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
    const known = correlationsIn(before.relations, before.columns);
    const common = [...correlationsIn(now.relations, now.columns)].flatMap(([key, own]) => {
      const old = known.get(key);
      return old === undefined || own.a.spread || own.b.spread ? [] : [{ own, old }];
    });
    if (common.length === 0) return undefined;
    const significance = SIGNIFICANCE / 2 / common.length;
    const judged = common.map(({ own, old }) => ({
      ...{ own, old, figure: Math.abs(own.correlation - old.correlation) },
      threshold: Math.max(limit, chanceOf(own, old, significance)),
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

function named({ column, category }: Related): string {
  return category === undefined ? column : `${column} ${category}`;
}
