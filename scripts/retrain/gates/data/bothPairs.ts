/** Pairs of categories that the champion's data was profiled by, counted in tonight's rows as well. */
import { countsOfPairs, type PairColumn } from '../../../../training/data/categoryPairs.ts';
import type { Profile } from '../../../../training/data/profile.ts';
import type { DataInput } from '../gate.ts';
import { clusteringOfBoth } from './columnGate.ts';

/** Two columns of categories, and the rows of each pair, those of the first category of `a` first. */
export interface BothPairs {
  readonly a: PairColumn;
  readonly b: PairColumn;
  readonly now: Counted;
  readonly before: Counted;
  /** Share of the champion's rows in pairs that only one half of them has. */
  readonly halved: number;
  /** Rows that are alike, of which chance moves all together; 1 if they are independent. */
  readonly clustering: number;
}

export interface Counted {
  readonly counts: ArrayLike<number>;
  readonly rows: number;
}

const known = new WeakMap<DataInput, BothPairs[]>();

/** Counts the pairs, once for all gates. There are none against the profile of an earlier release. */
export function bothPairs(input: DataInput): BothPairs[] {
  const both = known.get(input) ?? counted(input);
  known.set(input, both);
  return both;
}

function counted({ now, before, columns }: DataInput): BothPairs[] {
  const pairs = before?.pairs;
  if (pairs === undefined) return [];
  return countsOfPairs(columns, now.rows, pairs).flatMap((counts, i): BothPairs[] => {
    const { first, second, halved, counts: old } = pairs.pairs[i]!;
    if (counts === undefined) return [];
    const [a, b] = [pairs.columns[first]!, pairs.columns[second]!];
    const clustering = Math.max(...[a, b].map(({ column }) => clusteringIn(column, now, before!)));
    return [{ ...{ a, b, halved, clustering }, now: withRows(counts), before: withRows(old) }];
  });
}

function withRows(counts: ArrayLike<number>): Counted {
  return { counts, rows: Array.from(counts).reduce((sum, count) => sum + count, 0) };
}

/** Returns how alike rows next to one another are, in a column that both nights have. */
export function clusteringIn(name: string, now: Profile, before: Profile): number {
  const [own, old] = [now, before].map(({ columns }) => columns.find((each) => each.name === name)!);
  return clusteringOfBoth(own!, old!);
}
