import { normalQuantile } from '../../../../shared/normal.ts';
import type { Profile } from '../../../../training/data/profile.ts';
import { percent } from '../../../../training/report/format.ts';
import type { DataGate } from '../gate.ts';
import { SIGNIFICANCE } from './relations.ts';

/** Detects noise in a column that follows from others: its own distribution hardly changes, nor any one correlation. */
export const explained: DataGate = {
  summary:
    'the other columns explain at most this much less of the variance of each column of numbers than in the champion (linear regression of ranks on all of them)',
  limit: 0.06,
  judge: ({ now, before }, limit) => {
    const known = before && explainedIn(before);
    const compared = explainedIn(now).flatMap((own) => {
      const old = known?.find(({ column }) => column === own.column);
      return old === undefined ? [] : [{ own, old }];
    });
    if (compared.length === 0) return undefined;
    const critical = -normalQuantile(SIGNIFICANCE / compared.length);
    const judged = compared.map(({ own, old }) => ({
      ...{ own, old, figure: old.share - own.share },
      threshold: Math.max(limit, critical * Math.hypot(own.error, old.error)),
    }));
    const { own, old, figure, threshold } = judged.reduce((a, b) =>
      b.figure / b.threshold > a.figure / a.threshold ? b : a,
    );
    return {
      passed: figure <= threshold,
      figures: `${own.column}: the other columns explained ${percent(old.share)} of it, now ${percent(own.share)}, limit ${percent(threshold)} less`,
      figure,
      threshold,
      column: own.column,
    };
  },
};

/** Columns of numbers with the share that the others explain, and its standard error. */
export function explainedIn({ relations }: Pick<Profile, 'relations'>) {
  return (relations?.explained ?? []).map(([place, share, error]) => ({
    column: relations!.variables[place]!.column,
    ...{ share, error },
  }));
}
