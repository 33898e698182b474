import type { Profile } from '../../../../training/data/profile.ts';
import { LEAST_DISTINCT, type Ratio, sharesOfFactors } from '../../../../training/data/ratios.ts';
import { percent } from '../../../../training/report/format.ts';
import type { DataGate, DataInput } from '../gate.ts';
import { clusteringIn } from './bothPairs.ts';
import { shareNoise } from './columnGate.ts';
import { isSame, type Matched, matchedFactors } from './factors.ts';

/** Times the limit by which a share may change, in deviations of one row: what half of the rows have varies most. */
const OF_SHARE = 3;
/**
 * Times the limit that the share of a new factor may be, and the distinct values that it has at least: the champion may
 * have had it, in a few rows or of a few values, which its profile does not tell.
 */
const [OF_NEW, DISTINCT] = [2, 2 * LEAST_DISTINCT];
/** Days from which on a version tells which rates stay. */
const OLD = 14 * 86_400_000;

/**
 * Detects another rule between two columns: another rate of tax, net prices in place of gross ones, or one that is
 * copied to the other. Ranks, which other gates compare, are as before, or nearly so.
 */
export const ratios: DataGate = {
  summary:
    'the share of the rows in which a column of numbers is another one times one of a few factors changes by at most this, or three times its deviation times this (a new factor: twice this); rates that nobody has set may differ by 5 %',
  limit: 0.05,
  judge: (input, limit) => {
    const { now, before, columns } = input;
    const known = before?.ratios;
    if (known === undefined) return undefined;
    const isKnown = (own: Ratio) =>
      known.some(({ of, by }) => [of, by].every((name) => [own.of, own.by].includes(name)));
    const unknown = (now.ratios ?? []).filter((own) => !isKnown(own) && isIn(before!, own));
    const judged = [...known, ...unknown.map((own) => ({ ...own, factors: [] }))].flatMap((old) => {
      const found = sharesOfFactors(columns, now.rows, old);
      if (found === undefined || found.rows === 0) return [];
      const clustering = Math.max(...[old.of, old.by].map((name) => clusteringIn(name, now, before!)));
      const sizes = { now: found.rows / clustering, before: (old.rows || before!.rows) / clustering };
      const instead = found.found.find((own) => !old.factors.some(([each]) => isSame(own, each)));
      return matchedFactors(old, found, weeksAgo(input, old)).flatMap((matched) => {
        const { usual = 0, share, moves, distinct } = matched;
        if (matched.usual === undefined && distinct < DISTINCT) return [];
        const least = moves && share > usual ? OF_NEW * limit : limit;
        const ofShare = OF_SHARE * limit * Math.sqrt(usual * (1 - usual));
        const threshold = Math.max(least, ofShare, shareNoise(usual, sizes));
        return [{ old, matched, instead, figure: Math.abs(share - usual), threshold }];
      });
    });
    if (judged.length === 0) return undefined;
    const { old, matched, instead, figure, threshold } = judged.reduce((a, b) =>
      b.figure / b.threshold > a.figure / a.threshold ? b : a,
    );
    const other =
      instead === undefined || matched.usual === undefined
        ? ''
        : `, ${instead.factor} times in ${percent(instead.share)}`;
    return {
      passed: figure <= threshold,
      figures: `${toldOf(old, matched)}${other}, limit ${percent(threshold)} apart`,
      figure,
      threshold,
      column: old.of,
    };
  },
};

function toldOf({ of, by }: Ratio, { factor, usual, share }: Matched): string {
  const equal = factor === 1 ? `equal to ${by}` : `${factor} times ${by}`;
  return usual === undefined
    ? `${of} is ${equal} in ${percent(share)} of the rows, which is new`
    : `${of} was ${equal} in ${percent(usual)} of the rows, now in ${percent(share)}`;
}

function isIn({ columns }: Profile, { of, by }: Ratio): boolean {
  return [of, by].every((name) => columns.some((each) => each.name === name && each.type === 'number'));
}

/** What the version promoted weeks ago had; undefined if there is none. */
function weeksAgo({ reference, at }: DataInput, { of, by }: Ratio): Ratio | undefined {
  if (reference === undefined || at - Date.parse(reference.at) < OLD) return undefined;
  return reference.profile.ratios?.find((each) => each.of === of && each.by === by);
}
