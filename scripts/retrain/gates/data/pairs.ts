import type { DataGate } from '../gate.ts';
import { type BothPairs, bothPairs } from './bothPairs.ts';
import { SIGNIFICANCE } from './relations.ts';
import { atMost } from './rowsByChance.ts';

/** Rows that are expected of a pair at least. */
const LEAST_ROWS = 20;
/** The same as a share of all: of millions of rows, something rare may end. */
const LEAST_SHARE = 0.002;
/** Share of the rows by which a pair must grow. */
const MORE = 0.01;

/**
 * Detects a class that is gone from one category, such as fraud in one shop, or is all of it: where the class is rare, that
 * hardly moves any correlation.
 */
export const pairs: DataGate = {
  summary:
    'no category of one column goes together with one of another less often than in the champion by more than this factor (where 20 rows and 0.2 % are expected), or more often (by 1 % of the rows, too)',
  limit: 3,
  judge: (input, limit) => {
    const both = bothPairs(input);
    const comparisons = both.reduce((sum, { now }) => sum + now.counts.length, 0);
    const judged = both.flatMap((each) => verdictsOf(each, limit, SIGNIFICANCE / 2 / comparisons));
    if (judged.length === 0) return undefined;
    const { name, expected, count, bound, figure, threshold, column } = judged.reduce((a, b) =>
      b.figure / b.threshold > a.figure / a.threshold ? b : a,
    );
    const word = count < expected ? 'at least' : 'at most';
    return {
      passed: figure <= threshold,
      figures: `${name}: ${expected.toFixed(0)} rows expected, ${count} found, limit ${word} ${bound}`,
      figure,
      threshold,
      column,
    };
  },
};

function verdictsOf({ a, b, now, before, clustering }: BothPairs, limit: number, significance: number) {
  const width = b.categories.length;
  const [own, old] = [now, before].map(({ counts }) => sumsOf(counts, width));
  return Array.from(now.counts).flatMap((count, i) => {
    const [row, column] = [Math.floor(i / width), i % width];
    const known = before.counts[i]!;
    if (known === 0) return [];
    // A category may have become more or less frequent, or both have: whatever makes the pair least surprising.
    const [byA, byB] = [own!.rows[row]! / old!.rows[row]!, own!.columns[column]! / old!.columns[column]!];
    const all = now.rows / before.rows;
    const expectations = [byA, byB, (byA * byB) / all].map((times) => known * times);
    const [least, most] = [Math.min(...expectations), Math.max(...expectations)];
    const named = {
      name: `${a.column} ${a.categories[row]} with ${b.column} ${b.categories[column]}`,
      column: b.column,
      count,
    };
    const isLess = (found: number, expected: number) =>
      atMost(found / clustering, (found + known) / clustering, expected / (expected + known)) < significance;
    const isMore = (found: number, expected: number) =>
      atMost(known / clustering, (found + known) / clustering, known / (expected + known)) < significance;
    const verdicts = [];
    if (least >= Math.max(LEAST_ROWS, LEAST_SHARE * now.rows)) {
      const tooFew = greatest(Math.ceil(least / limit) - 1, (found) => isLess(found, least));
      const [figure, threshold] = [(least + 1) / (count + 1), (least + 1) / (tooFew + 2)];
      verdicts.push({ ...named, expected: least, bound: tooFew + 1, figure, threshold });
    }
    const bound = Math.floor(Math.max(limit * most, most + MORE * now.rows));
    if (count > bound && isMore(count, most))
      verdicts.push({ ...named, expected: most, bound, figure: count / most, threshold: bound / most });
    return verdicts;
  });
}

/** The greatest count up to `most` for which a condition holds, that holds for all lesser ones; -1 if for none. */
function greatest(most: number, holds: (count: number) => boolean): number {
  if (holds(most)) return most;
  let [from, to] = [-1, most - 1];
  while (from < to) {
    const middle = Math.ceil((from + to) / 2);
    if (holds(middle)) from = middle;
    else to = middle - 1;
  }
  return from;
}

function sumsOf(counts: ArrayLike<number>, width: number) {
  const rows = new Float64Array(counts.length / width);
  const columns = new Float64Array(width);
  for (let i = 0; i < counts.length; i++) {
    rows[Math.floor(i / width)]! += counts[i]!;
    columns[i % width]! += counts[i]!;
  }
  return { rows, columns };
}
