import { normalQuantile } from '../../../../shared/normal.ts';
import type { ColumnProfile } from '../../../../training/data/columnProfile.ts';
import type { DataGate } from '../gate.ts';
import { type Correlation, correlationsIn, SIGNIFICANCE } from './relations.ts';

/**
 * Detects what was changed in the rows of one category alone: another unit in one region, a sensor of one line that
 * drifts. In a correlation with the category, the fewer rows it has the less that counts.
 */
export const groups: DataGate = {
  summary:
    "in no category, compared with the other rows, does a column of numbers lie further than this from where it lay in the champion's data (standard deviations of ranks)",
  limit: 0.3,
  judge: ({ now, before }, limit) => {
    if (now.relations === undefined || before?.relations === undefined) return undefined;
    const [own, old] = [
      distances(correlationsIn(now.relations), now.columns),
      distances(correlationsIn(before.relations), before.columns),
    ];
    const common = [...own].flatMap(([key, each]) => {
      const known = old.get(key);
      return known === undefined ? [] : [{ each, known }];
    });
    if (common.length === 0) return undefined;
    const critical = -normalQuantile(SIGNIFICANCE / 2 / common.length);
    const judged = common.map(({ each, known }) => ({
      ...{ each, known, figure: Math.abs(each.distance - known.distance) },
      threshold: Math.max(limit, critical * Math.hypot(each.error, known.error)),
    }));
    const { each, known, figure, threshold } = judged.reduce((a, b) =>
      b.figure / b.threshold > a.figure / a.threshold ? b : a,
    );
    return {
      passed: figure <= threshold,
      figures: `${each.number} where ${each.column} is ${each.category}: ${known.distance.toFixed(2)} standard deviations from other rows became ${each.distance.toFixed(2)}, ${figure.toFixed(2)} apart, limit ${threshold.toFixed(2)}`,
      figure,
      threshold,
      column: each.number,
    };
  },
};

interface Distance {
  readonly number: string;
  readonly column: string;
  readonly category: string;
  /** Mean rank of the category's rows less that of the others, in standard deviations of all ranks. */
  readonly distance: number;
  /** The standard error of `distance`. */
  readonly error: number;
}

/** A correlation with a variable that is 1 in a share p of the rows is the distance times sqrt(p (1 - p)). */
function distances(
  correlations: ReadonlyMap<string, Correlation>,
  columns: readonly ColumnProfile[],
): Map<string, Distance> {
  const shares = new Map(columns.map(({ name, shares = [] }) => [name, new Map(shares)]));
  return new Map(
    [...correlations].flatMap(([key, { a, b, correlation, rows }]) => {
      const [number, group] = a.category === undefined ? [a, b] : [b, a];
      if (group.category === undefined) return [];
      const share = shares.get(group.column)?.get(group.category);
      if (share === undefined || share <= 0 || share >= 1) return [];
      const spread = Math.sqrt(share * (1 - share));
      const error = Math.sqrt((1 - correlation ** 2) / rows) / spread;
      const { column, category } = group;
      return [
        [key, { number: number.column, column, category, distance: correlation / spread, error }] as const,
      ];
    }),
  );
}
