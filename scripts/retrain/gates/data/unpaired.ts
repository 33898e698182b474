import { normalQuantile } from '../../../../shared/normal.ts';
import { percent } from '../../../../training/report/format.ts';
import type { DataGate } from '../gate.ts';
import { type BothPairs, bothPairs } from './bothPairs.ts';
import { SIGNIFICANCE } from './relations.ts';
import { rowsOfOneNight } from './rowsByChance.ts';

/** Detects categories of other rows: each is known, and so frequent as before, but not together. */
export const unpaired: DataGate = {
  summary:
    "of no two columns of categories, at most this share of the rows has a pair that the champion's data never had, though it had both categories, in 30 rows or more",
  limit: 0.01,
  judge: (input, limit) => {
    const compared = bothPairs(input).filter(({ now, before }) => now.rows > 0 && before.rows > 0);
    if (compared.length === 0) return undefined;
    const judged = compared.map((each) => ({
      each,
      ...unknownIn(each),
      threshold: Math.max(limit, chanceOf(each, SIGNIFICANCE / compared.length)),
    }));
    const { each, figure, most, threshold } = judged.reduce((a, b) =>
      b.figure / b.threshold > a.figure / a.threshold ? b : a,
    );
    const { a, b } = each;
    const such = most === undefined ? '' : `, such as ${most}`;
    return {
      passed: figure <= threshold,
      figures: `${a.column} and ${b.column}: ${percent(figure)} of the rows in pairs that the champion never had${such}, limit ${percent(threshold)}`,
      figure,
      threshold,
      column: a.column,
    };
  },
};

/** The share of the rows in pairs that the champion never had, and the most frequent one of these. */
function unknownIn({ a, b, now, before }: BothPairs): { figure: number; most: string | undefined } {
  let [unknown, most] = [0, -1];
  for (let i = 0; i < now.counts.length; i++) {
    if (before.counts[i]! > 0 || now.counts[i] === 0) continue;
    unknown += now.counts[i]!;
    if (most < 0 || now.counts[i]! > now.counts[most]!) most = i;
  }
  const { length } = b.categories;
  return {
    figure: unknown / now.rows,
    most:
      most < 0 ? undefined : `${a.categories[Math.floor(most / length)]} with ${b.categories[most % length]}`,
  };
}

/** The champion's own halves tell how much is unknown by chance, at most: they are fewer rows. */
function chanceOf({ now, before, halved, clustering }: BothPairs, significance: number): number {
  const [own, old] = [now.rows / clustering, before.rows / clustering];
  const error = Math.sqrt(halved * (1 / own + 1 / old));
  return halved - normalQuantile(significance) * error + rowsOfOneNight(significance, own, old) / own;
}
