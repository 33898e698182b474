import { comparedValues, type Ordered, orderIn } from '../../../../training/data/ordered.ts';
import { percent } from '../../../../training/report/format.ts';
import type { DataGate } from '../gate.ts';
import { shareNoise } from './columnGate.ts';

/**
 * Times what was so before, by which it may rise: a promise that is kept in 98 % of the rows is a rate, and on a bad day
 * broken four times as often. Of times in whole minutes, as many more are equal on a busy day.
 */
const RATE = 3;
/** Times the limit that the share of equal values rises by at most: by more, that of no category does (`shares`). */
const MOST_TIED = 5;

/**
 * Detects columns that were exchanged, times or numbers that are off in a part of the rows (what ends before it
 * begins), and values that were copied from the other column. Each column by itself, and its rank correlations, may be
 * as before.
 */
export const order: DataGate = {
  summary:
    "of two columns of numbers or times, one at most the other in 98 % of the champion's rows: the share of rows in which it is above, or equal, rises by at most this, or by three times what it was (equal: at most five times this)",
  limit: 0.03,
  judge: ({ now, before, columns }, limit) => {
    if (before?.ordered === undefined) return undefined;
    const byName = new Map(columns.map((column) => [column.name, column]));
    const judged = before.ordered.flatMap((old) => {
      const [lower, upper] = [byName.get(old.lower), byName.get(old.upper)];
      if (lower === undefined || lower.type !== upper?.type || lower.type === 'category') return [];
      const own = orderIn(comparedValues(lower, now.rows), comparedValues(upper, now.rows));
      return own.count === 0 ? [] : rises(old, own, limit);
    });
    if (judged.length === 0) return undefined;
    const { text, figure, threshold, column } = judged.reduce((a, b) =>
      b.figure / b.threshold > a.figure / a.threshold ? b : a,
    );
    return { passed: figure <= threshold, figures: text, figure, threshold, column };
  },
};

/** By how much the share of rows out of order has risen and, where it is known, that of equal values. */
function rises(old: Ordered, own: ReturnType<typeof orderIn>, limit: number) {
  const sizes = { now: own.count, before: old.rows };
  const [broken, known] = [1 - old.share, old.ties];
  const most = (share: number, rise: number) => Math.max(limit, rise, shareNoise(share, sizes));
  const kinds = [
    {
      figure: old.share - own.share,
      threshold: most(broken, RATE * broken),
      what: `at most ${old.upper} in ${percent(old.share)} of the rows, now in ${percent(own.share)}`,
      limited: 'less',
    },
    ...(known === undefined
      ? []
      : [
          {
            figure: own.ties - known,
            threshold: most(known, Math.min(RATE * known, MOST_TIED * limit)),
            what: `equal to ${old.upper} in ${percent(known)} of the rows, now in ${percent(own.ties)}`,
            limited: 'more',
          },
        ]),
  ];
  return kinds.map(({ figure, threshold, what, limited }) => ({
    ...{ figure, threshold, column: old.lower },
    text: `${old.lower} was ${what}, limit ${percent(threshold)} ${limited}`,
  }));
}
