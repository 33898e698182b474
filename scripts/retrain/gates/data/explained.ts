import { normalQuantile } from '../../../../shared/normal.ts';
import type { Profile } from '../../../../training/data/profile.ts';
import { percent } from '../../../../training/report/format.ts';
import type { DataGate } from '../gate.ts';
import { ofKnownRows } from './knownRows.ts';
import { SIGNIFICANCE } from './relations.ts';

/**
 * Detects noise in a column that follows from others: its own distribution hardly changes, nor any one correlation. Of
 * rows of a narrower range, as of fewer hours of the day, less is explained though all is as it was: what is not
 * explained must have grown, too, in the units of the champion.
 */
export const explained: DataGate = ofKnownRows({
  summary:
    "the other columns explain at most this much less of the variance of each column of numbers than in the champion, or leave at most this much more of it unexplained in the champion's ranks (linear regression of ranks on all of them)",
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
      ...{ own, old },
      figure: Math.min(
        old.share - own.share,
        (1 - own.share) * widthOf(own.column, now, before!) - (1 - old.share),
      ),
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
});

/** The variance of a column of numbers in the ranks of the champion, as a multiple of the champion's; 1 of others. */
function widthOf(column: string, now: Profile, before: Profile): number {
  const [own, known] = [now, before].map(
    ({ columns }) => columns.find(({ name }) => name === column)?.quantiles,
  );
  return own === undefined || known === undefined ? 1 : rankVariance(own, known) / rankVariance(known, known);
}

/** @param known Quantiles that tell the ranks. */
function rankVariance(quantiles: readonly number[], known: readonly number[]): number {
  // Of evenly spaced quantiles, those in the middle of each step have the variance of all values.
  const ranks = quantiles.slice(1).map((high, i) => placeIn(known, (quantiles[i]! + high) / 2));
  const mean = ranks.reduce((sum, rank) => sum + rank, 0) / ranks.length;
  return ranks.reduce((sum, rank) => sum + (rank - mean) ** 2, 0) / ranks.length;
}

/** The place of a value among ascending ones, from 0 to their number less 1; in the middle of equal ones. */
function placeIn(ascending: readonly number[], value: number): number {
  const above = ascending.findIndex((each) => each > value);
  const [from, to] = [ascending.findIndex((each) => each >= value), above < 0 ? ascending.length : above];
  if (from < 0) return ascending.length - 1;
  if (from < to) return (from + to - 1) / 2;
  if (from === 0) return 0;
  return from - 1 + (value - ascending[from - 1]!) / (ascending[from]! - ascending[from - 1]!);
}

/** Columns of numbers with the share that the others explain, and its standard error. */
export function explainedIn({ relations }: Pick<Profile, 'relations'>) {
  return (relations?.explained ?? []).map(([place, share, error]) => ({
    column: relations!.variables[place]!.column,
    ...{ share, error },
  }));
}
