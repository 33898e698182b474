import { shareOfSum } from '../../../../training/data/sums.ts';
import { percent } from '../../../../training/report/format.ts';
import type { DataGate } from '../gate.ts';
import { shareNoise } from './columnGate.ts';

/** Detects parts that are net of tax, or readings of another meter: each column is as before, and the sum is not. */
export const sums: DataGate = {
  summary:
    "where a column of numbers is the sum of two others in 98 % of the champion's rows, but for rounding, that holds in at most this share of the rows less",
  limit: 0.03,
  judge: ({ now, before, columns }, limit) => {
    const judged = (before?.sums ?? []).flatMap((old) => {
      const found = shareOfSum(columns, now.rows, old);
      if (found === undefined || found.rows === 0) return [];
      const threshold = Math.max(limit, shareNoise(old.share, { now: found.rows, before: old.rows }));
      return [{ old, share: found.share, figure: old.share - found.share, threshold }];
    });
    if (judged.length === 0) return undefined;
    const { old, share, figure, threshold } = judged.reduce((a, b) =>
      b.figure / b.threshold > a.figure / a.threshold ? b : a,
    );
    return {
      passed: figure <= threshold,
      figures: `${old.of} was ${old.parts.join(' + ')} in ${percent(old.share)} of the rows, now in ${percent(share)}, limit ${percent(threshold)} less`,
      figure,
      threshold,
      column: old.of,
    };
  },
};
