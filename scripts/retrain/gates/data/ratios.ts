import { type Ratio, sharesOfFactors } from '../../../../training/data/ratios.ts';
import { percent } from '../../../../training/report/format.ts';
import type { DataGate } from '../gate.ts';
import { clusteringIn } from './bothPairs.ts';
import { shareNoise } from './columnGate.ts';

/** Part by which a factor that nobody has set may differ, such as a rate of exchange, which is another one every night. */
const DAILY = 0.05;
/** Steps of factors that people set, such as rates of tax, and what is left by which these are told. */
const [STEP, EXACT] = [0.005, 0.00002];
/** Times the limit by which a share may change, in deviations of one row: what half of the rows have varies most. */
const OF_SHARE = 3;

/**
 * Detects another rule between two columns: another rate of tax, or net prices in place of gross ones. Ranks, which other
 * gates compare, are as before, or nearly so.
 */
export const ratios: DataGate = {
  summary:
    'where a column of numbers is another one times one of a few factors, the share of the rows of none of these changes by more than this, or by three times as much of the deviation of a share; rates that nobody has set may differ by 5 %',
  limit: 0.05,
  judge: ({ now, before, columns }, limit) => {
    const judged = (before?.ratios ?? []).flatMap((old) => {
      const found = sharesOfFactors(columns, now.rows, old);
      if (found === undefined || found.rows === 0) return [];
      const own = now.ratios?.find(({ of, by }) => of === old.of && by === old.by)?.factors ?? [];
      const clustering = Math.max(...[old.of, old.by].map((name) => clusteringIn(name, now, before!)));
      const sizes = { now: found.rows / clustering, before: old.rows / clustering };
      return old.factors.map(([factor, usual], i) => {
        const share = isSet(factor) ? found.shares[i]! : Math.max(found.shares[i]!, shareNear(factor, own));
        const deviation = Math.sqrt(usual * (1 - usual));
        return {
          ...{ old, own, factor, usual, share, figure: Math.abs(share - usual) },
          threshold: Math.max(limit, OF_SHARE * limit * deviation, shareNoise(usual, sizes)),
        };
      });
    });
    if (judged.length === 0) return undefined;
    const { old, own, factor, usual, share, figure, threshold } = judged.reduce((a, b) =>
      b.figure / b.threshold > a.figure / a.threshold ? b : a,
    );
    const most = own.find(([each]) => !old.factors.some(([known]) => known === each));
    const instead = most === undefined ? '' : `, ${most[0]} times in ${percent(most[1])}`;
    const was = factor === 1 ? `equal to ${old.by}` : `${factor} times ${old.by}`;
    return {
      passed: figure <= threshold,
      figures: `${old.of} was ${was} in ${percent(usual)} of the rows, now in ${percent(share)}${instead}, limit ${percent(threshold)} apart`,
      figure,
      threshold,
      column: old.of,
    };
  },
};

/** True for rates in steps of half a per cent, or their inverse. */
function isSet(factor: number): boolean {
  return [factor, 1 / factor].some((each) => Math.abs(each - STEP * Math.round(each / STEP)) <= EXACT * each);
}

function shareNear(factor: number, own: Ratio['factors']): number {
  const near = own.filter(([each]) => Math.abs(each / factor - 1) <= DAILY);
  return near.reduce((sum, [, share]) => sum + share, 0);
}
