import { percent } from '../../../../training/report/format.ts';
import type { DataGate } from '../gate.ts';
import { bothResiduals } from './bothResiduals.ts';
import { shareNoise } from './columnGate.ts';
import { ofKnownRows } from './knownRows.ts';

/** Share of errors that are so small, or up to twice as large: that of normal ones. */
const NEAR = 0.25;

/** Detects values that a regression on the other columns gave in place of measured ones, which it hardly ever meets. */
export const imputed: DataGate = ofKnownRows({
  summary:
    'the share of values that a linear regression on the other columns of numbers tells to within an eighth of its usual error (upper quartile), less that of those which it just misses, rises by at most this in each column',
  limit: 0.08,
  judge: ({ now, before }, limit) => {
    const judged = bothResiduals(now, before).flatMap(({ own, old }) => {
      if (own.exact === undefined || old.exact === undefined) return [];
      const threshold = Math.max(limit, shareNoise(NEAR, { now: own.rows, before: old.rows }));
      const figure = own.exact - Math.max(0, old.exact);
      return [{ column: own.column, now: own.exact, before: old.exact, figure, threshold }];
    });
    if (judged.length === 0) return undefined;
    const worst = judged.reduce((a, b) => (b.figure / b.threshold > a.figure / a.threshold ? b : a));
    const { column, figure, threshold } = worst;
    return {
      passed: figure <= threshold,
      figures: `${column}: the other columns told ${percent(worst.before)} of the values almost exactly, more than they just missed, now ${percent(worst.now)}, limit ${percent(threshold)} more`,
      figure,
      threshold,
      column,
    };
  },
});
