import type { DistinctRows, Profile } from '../../../../training/data/profile.ts';
import { percent } from '../../../../training/report/format.ts';
import type { DataGate } from '../gate.ts';

/** Distinct values from which on a column that tells rows apart does so by more than chance. */
const MANY = 50;
/** Share of the distinct rows that have a value of their own in such a column. */
const OWN = 0.9;

/** Detects rows that were copied, with noise, too. Tables of few categories have copies by nature, as many as before. */
export const distinct: DataGate = {
  summary:
    "at least this share of the distinct rows that are to be expected from the champion's data; of all rows, if a column of numbers tells them apart; the same for rows whose numbers are rounded, of tables with four columns of numbers",
  limit: 0.7,
  judge: ({ now, before }, limit) => {
    const exact = before === undefined ? expectedAlone(now) : expectedAfter(before, before.rows, now.rows);
    // How many rows agree when rounded only the champion's data tell.
    const near = before?.near && expectedAfter(before.near, before.rows, now.rows);
    const judged = [
      { what: 'distinct rows', found: now.distinct, expected: exact },
      { what: 'rows that are distinct when rounded', found: now.near?.distinct, expected: near },
    ].flatMap(({ what, found, expected }) =>
      found === undefined || expected === undefined
        ? []
        : [{ what, found, expected, share: found / expected }],
    );
    const [worst] = judged.sort((a, b) => a.share - b.share);
    if (worst === undefined) return undefined;
    const { what, found, expected, share } = worst;
    return {
      passed: share >= limit,
      figures: `${found} ${what}, ${Math.round(expected)} to be expected: ${percent(share)}, at least ${percent(limit)}`,
      figure: share,
      threshold: limit,
    };
  },
};

/** By the growth of distinct rows in the champion's data, continued to the number of rows (Heaps, 1978). */
function expectedAfter({ distinct: known, growth }: DistinctRows, rows: number, count: number): number {
  return known * (count / rows) ** growth;
}

function expectedAlone({ rows, distinct: found, columns }: Profile): number | undefined {
  const isTold = columns.some(
    ({ type, distinct: values }) => type === 'number' && values >= Math.max(MANY, OWN * found) - 1,
  );
  return isTold ? rows : undefined;
}
