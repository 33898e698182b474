import type { ColumnProfile } from '../../../../training/data/columnProfile.ts';
import type { Relations } from '../../../../training/data/relations.ts';
import type { DataGate } from '../gate.ts';
import { chanceOf, correlationsIn, type Varying } from './correlations.ts';
import { movesBetween } from './moves.ts';
import { SIGNIFICANCE } from './relations.ts';

/** Deviations of the distances from the middle that one deviation of the ranks is. */
const OF_MIDDLE = 2;

/**
 * Detects what was changed in the rows of one category alone: another unit in one region, a sensor of one line that
 * drifts, is noisy, or stuck. In a correlation with the category, the fewer rows it has the less that counts.
 */
export const groups: DataGate = {
  summary:
    "in no category, compared with the other rows, does a column of numbers lie further than this from where it lay in the champion's data, or further from the middle (standard deviations of ranks)",
  limit: 0.3,
  judge: ({ now, before, lateLabel }, limit) => {
    if (now.relations === undefined || before?.relations === undefined) return undefined;
    const known = new Map(distancesIn(before.relations, before.columns).map((each) => [each.key, each]));
    const common = distancesIn(now.relations, now.columns, lateLabel).flatMap((own) => {
      const old = known.get(own.key);
      return old === undefined ? [] : [{ own, old }];
    });
    if (common.length === 0) return undefined;
    const significance = SIGNIFICANCE / 2 / common.length;
    const move = movesBetween(now, before);
    const judged = common.map(({ own, old }) => {
      // In the units of the champion: of a column that is mostly one value, more or fewer of those make another deviation.
      const distance = (own.distance * own.unit) / old.unit;
      // The middle moves with the column, as by another mix of the categories.
      const moved = own.spread ? OF_MIDDLE * Math.abs(move(own.number)) : 0;
      return {
        ...{ own, old, distance, figure: Math.abs(distance - old.distance) },
        threshold: Math.max(limit, chanceOf(own, old, significance)) + moved,
      };
    });
    const { own, old, distance, figure, threshold } = judged.reduce((a, b) =>
      b.figure / b.threshold > a.figure / a.threshold ? b : a,
    );
    const { spread, number, column, category } = own;
    return {
      passed: figure <= threshold,
      figures: `${spread ? 'distance from the middle of ' : ''}${number} where ${column} is ${category}: ${old.distance.toFixed(2)} standard deviations from other rows became ${distance.toFixed(2)}, ${figure.toFixed(2)} apart, limit ${threshold.toFixed(2)}`,
      figure,
      threshold,
      column: number,
    };
  },
};

interface Distance extends Varying {
  readonly key: string;
  readonly number: string;
  /** True for how far its values are from the middle. */
  readonly spread: boolean;
  readonly column: string;
  readonly category: string;
  /** Mean rank of the category's rows less that of the others, in standard deviations of all ranks. */
  readonly distance: number;
  /** The standard deviation of all ranks, as a part of that of ranks without ties. */
  readonly unit: number;
}

/** A correlation with a variable that is 1 in a share p of the rows is the distance times sqrt(p (1 - p)). */
function distancesIn(
  relations: Relations,
  columns: readonly ColumnProfile[],
  lateLabel?: string,
): Distance[] {
  return [...correlationsIn(relations, columns, lateLabel)].flatMap(([key, each]): Distance[] => {
    const { a, b, correlation, share, rows, fewest } = each;
    const [number, { column, category }] = a.category === undefined ? [a, b] : [b, a];
    if (share === undefined || category === undefined || share <= 0 || share >= 1) return [];
    const spread = share * (1 - share);
    const unit = number.spread ? 1 : unitOf(columns.find(({ name }) => name === number.column)!);
    // A correlation varies with the share of the category as well, which moves no distance.
    const byShare = (correlation * (1 - 2 * share)) ** 2 / 4 / spread;
    return [
      {
        ...{ key, number: number.column, spread: number.spread === true, column, category, rows, fewest },
        ...{ unit, distance: correlation / Math.sqrt(spread) },
        variance: Math.max(0, each.variance - byShare) / spread,
      },
    ];
  });
}

/** Of ranks with ties (Kendall, 1945): of many values, the most frequent one decides. */
function unitOf({ shares, top }: ColumnProfile): number {
  const tied = shares?.reduce((sum, [, share]) => sum + share ** 3, 0) ?? top ** 3;
  return Math.sqrt(1 - tied);
}
