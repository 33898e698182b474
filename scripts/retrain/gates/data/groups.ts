import { normalQuantile } from '../../../../shared/normal.ts';
import type { ColumnProfile } from '../../../../training/data/columnProfile.ts';
import type { DataGate } from '../gate.ts';
import { type Correlation, correlationsIn, SIGNIFICANCE, sharesIn } from './relations.ts';

/**
 * Detects what was changed in the rows of one category alone: another unit in one region, a sensor of one line that
 * drifts, is noisy, or stuck. In a correlation with the category, the fewer rows it has the less that counts.
 */
export const groups: DataGate = {
  summary:
    "in no category, compared with the other rows, does a column of numbers lie further than this from where it lay in the champion's data, or further from the middle (standard deviations of ranks)",
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
      figures: `${each.spread ? 'distance from the middle of ' : ''}${each.number} where ${each.column} is ${each.category}: ${known.distance.toFixed(2)} standard deviations from other rows became ${each.distance.toFixed(2)}, ${figure.toFixed(2)} apart, limit ${threshold.toFixed(2)}`,
      figure,
      threshold,
      column: each.number,
    };
  },
};

interface Distance {
  readonly number: string;
  /** True for how far its values are from the middle. */
  readonly spread: boolean;
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
  const shareOf = sharesIn(columns);
  return new Map(
    [...correlations].flatMap(([key, { a, b, correlation, rows }]) => {
      const [number, group] = a.category === undefined ? [a, b] : [b, a];
      if (group.category === undefined || number.category !== undefined) return [];
      const share = shareOf(group);
      if (share === undefined || share <= 0 || share >= 1) return [];
      const spread = Math.sqrt(share * (1 - share));
      const error = Math.sqrt((1 - correlation ** 2) / rows) / spread;
      const { column, category } = group;
      const own = { number: number.column, spread: number.spread === true };
      return [[key, { ...own, column, category, distance: correlation / spread, error }] as const];
    }),
  );
}
