import type { Profile } from '../../../../training/data/profile.ts';
import { percent } from '../../../../training/report/format.ts';
import type { DataGate } from '../gate.ts';

/** Distinct values from which on a column that tells rows apart does so by more than chance. */
const MANY = 50;
/** Share of the distinct rows that have a value of their own in such a column. */
const OWN = 0.9;

/** Detects rows that were copied. Tables of few categories have copies by nature, as many as before. */
export const distinct: DataGate = {
  summary:
    "at least this share of the distinct rows that are to be expected from the champion's data; of all rows, if a column of numbers tells them apart",
  limit: 0.7,
  judge: ({ now, before }, limit) => {
    const expected = before === undefined ? expectedAlone(now) : expectedAfter(before, now.rows);
    if (expected === undefined) return undefined;
    const share = now.distinct / expected;
    return {
      passed: share >= limit,
      figures: `${now.distinct} distinct rows, ${Math.round(expected)} to be expected: ${percent(share)}, at least ${percent(limit)}`,
      figure: share,
      threshold: limit,
    };
  },
};

/** By the growth of distinct rows in the champion's data, continued to the number of rows (Heaps, 1978). */
function expectedAfter({ rows, distinct: known, growth }: Profile, count: number): number {
  return known * (count / rows) ** growth;
}

function expectedAlone({ rows, distinct: found, columns }: Profile): number | undefined {
  const isTold = columns.some(
    ({ type, distinct: values }) => type === 'number' && values >= Math.max(MANY, OWN * found) - 1,
  );
  return isTold ? rows : undefined;
}
