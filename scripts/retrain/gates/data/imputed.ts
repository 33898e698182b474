import { percent } from '../../../../training/report/format.ts';
import type { DataGate } from '../gate.ts';
import { bothResiduals } from './bothResiduals.ts';
import { shareNoise } from './columnGate.ts';

/** Detects values that a regression on the other columns gave in place of measured ones, which it hardly ever meets. */
export const imputed: DataGate = {
  summary:
    'the share of values that a linear regression on the other columns of numbers tells to within a fifth of its mean error rises by at most this in each column',
  limit: 0.06,
  judge: ({ now, before }, limit) => {
    const judged = bothResiduals(now, before).map(({ own, old }) => ({
      ...{ own, old, figure: own.told - old.told },
      threshold: Math.max(limit, shareNoise(old.told, { now: own.rows, before: old.rows })),
    }));
    if (judged.length === 0) return undefined;
    const { own, old, figure, threshold } = judged.reduce((a, b) =>
      b.figure / b.threshold > a.figure / a.threshold ? b : a,
    );
    return {
      passed: figure <= threshold,
      figures: `${own.column}: the other columns told ${percent(old.told)} of the values almost exactly, now ${percent(own.told)}, limit ${percent(threshold)} more`,
      figure,
      threshold,
      column: own.column,
    };
  },
};
