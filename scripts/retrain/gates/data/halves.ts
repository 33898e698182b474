import { normalQuantile } from '../../../../shared/normal.ts';
import { halfDistances } from '../../../../training/data/halves.ts';
import type { DataGate } from '../gate.ts';
import { clusteringOfBoth } from './columnGate.ts';
import { SIGNIFICANCE } from './relations.ts';

/** Times the distance of the champion's halves: in measurements that wander, those of one night are a rough guide. */
const WITHIN = 2;

/**
 * Detects what changed while the rows were collected: a sensor that drifted from noon on, or a day of another unit
 * that was appended. Rows that are sorted lie on both sides of where the champion's lay, and pass.
 */
export const halves: DataGate = {
  summary:
    "where one half of the rows, by their order or a time, is as the champion's, no column of the other is further off by more than this (standard deviations of ranks or shares), or than twice the distance of the champion's halves",
  limit: 0.3,
  judge: ({ before, columns, now }, limit) => {
    if (before === undefined) return undefined;
    const compared = halfDistances(columns, now.rows, before.columns);
    if (compared.length === 0) return undefined;
    const apart = new Map(before.columns.map((column) => [column.name, column.halves ?? 0]));
    const critical = -normalQuantile(SIGNIFICANCE / 2 / compared.length);
    const judged = compared.map((each) => {
      const [near, far] = [Math.abs(each.own), Math.abs(each.other)].sort((a, b) => a - b) as [
        number,
        number,
      ];
      // The error of what is known counts twice: halves on both sides of it move together.
      const [own, old] = [now, before].map(
        ({ columns: all }) => all.find(({ name }) => name === each.column)!,
      );
      const error = Math.sqrt((2 / each.rows + 4 / before.rows) * clusteringOfBoth(own!, old!));
      const threshold = Math.max(limit, critical * error, WITHIN * apart.get(each.column)!);
      // If both halves have moved, the file is sorted, or the world is another: other gates judge that.
      return { ...each, near, far, threshold, figure: near <= threshold / 2 ? far - near : 0 };
    });
    const { what, column, where, near, far, figure, threshold } = judged.reduce((a, b) =>
      b.figure / b.threshold > a.figure / a.threshold ? b : a,
    );
    return {
      passed: figure <= threshold,
      figures: `${what}, ${where} and the rest: ${near.toFixed(2)} and ${far.toFixed(2)} standard deviations from the champion's, limit ${threshold.toFixed(2)} apart`,
      figure,
      threshold,
      column,
    };
  },
};
