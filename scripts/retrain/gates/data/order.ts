import { comparedValues, orderIn } from '../../../../training/data/ordered.ts';
import { percent } from '../../../../training/report/format.ts';
import type { DataGate } from '../gate.ts';
import { shareNoise } from './columnGate.ts';

/**
 * Detects columns that were exchanged, and times or numbers that are off in a part of the rows: what ends before it
 * begins. Each column by itself, and its rank correlations, may be as before.
 */
export const order: DataGate = {
  summary:
    "of two columns of numbers or times of which one was at most the other in 98 % of the champion's rows, the share of rows in which that is so falls by at most this",
  limit: 0.03,
  judge: ({ now, before, columns }, limit) => {
    if (before?.ordered === undefined) return undefined;
    const byName = new Map(columns.map((column) => [column.name, column]));
    const judged = before.ordered.flatMap((old) => {
      const [lower, upper] = [byName.get(old.lower), byName.get(old.upper)];
      if (lower === undefined || lower.type !== upper?.type || lower.type === 'category') return [];
      const { share, count } = orderIn(comparedValues(lower, now.rows), comparedValues(upper, now.rows));
      if (count === 0) return [];
      const threshold = Math.max(limit, shareNoise(old.share, { now: count, before: old.rows }));
      return [{ old, share, figure: old.share - share, threshold }];
    });
    if (judged.length === 0) return undefined;
    const { old, share, figure, threshold } = judged.reduce((a, b) =>
      b.figure / b.threshold > a.figure / a.threshold ? b : a,
    );
    return {
      passed: figure <= threshold,
      figures: `${old.lower} was at most ${old.upper} in ${percent(old.share)} of the rows, now in ${percent(share)}, limit ${percent(threshold)} less`,
      figure,
      threshold,
      column: old.lower,
    };
  },
};
