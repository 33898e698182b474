import type { DataGate } from '../gate.ts';
import { type BothPairs, bothPairs } from './bothPairs.ts';
import { SIGNIFICANCE } from './relations.ts';
import { asFew } from './rowsByChance.ts';

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
    const [ofA, ofB] = [
      categoryOf(count, known, own!.rows[row]!, old!.rows[row]!),
      categoryOf(count, known, own!.columns[column]!, old!.columns[column]!),
    ];
    const others = [ofA, ofB].map(({ others: rows }) => rows);
    // A category may have become more or less frequent, or both have: whatever makes the pair least surprising.
    const expectedOf = (a: number, b: number) =>
      [a, b, (a * b * before.rows) / now.rows].map((times) => times * known);
    // Where the two always went together, a few others are many times as many, and would have more expected than there can be.
    const possible = Math.max(
      (known * now.rows) / before.rows,
      Math.min(own!.rows[row]!, own!.columns[column]!),
    );
    const least = Math.min(possible, ...expectedOf(ofA.most, ofB.most));
    const most = Math.max(...expectedOf(ofA.least, ofB.least));
    const named = {
      name: `${a.column} ${a.categories[row]} with ${b.column} ${b.categories[column]}`,
      column: b.column,
      count,
    };
    const isLess = (found: number) =>
      others.every((each) => asFewByChance(found, each.now, known, each.before, clustering) < significance);
    const isMore = (found: number) =>
      others.every((each) => asFewByChance(known, each.before, found, each.now, clustering) < significance);
    const verdicts = [];
    if (least >= Math.max(LEAST_ROWS, LEAST_SHARE * now.rows)) {
      const tooFew = greatest(Math.ceil(least / limit) - 1, isLess);
      const [figure, threshold] = [(least + 1) / (count + 1), (least + 1) / (tooFew + 2)];
      verdicts.push({ ...named, expected: least, bound: tooFew + 1, figure, threshold });
    }
    const bound = Math.floor(Math.max(limit * most, most + MORE * now.rows));
    if (count > bound && isMore(count))
      verdicts.push({ ...named, expected: most, bound, figure: count / most, threshold: bound / most });
    return verdicts;
  });
}

/**
 * How many times as frequent a category is, by all of its rows and by those that are not of the pair. Of one that is nearly
 * all in this pair, the pair would decide how frequent it is.
 */
function categoryOf(count: number, known: number, rows: number, before: number) {
  const others = { now: rows - count, before: before - known };
  const times = [rows / before, (others.now + 0.5) / (others.before + 0.5)];
  return { others, least: Math.min(...times), most: Math.max(...times) };
}

/** The probability that chance leaves so few rows of a pair, if so many are alike. */
function asFewByChance(
  count: number,
  rest: number,
  known: number,
  knownRest: number,
  clustering: number,
): number {
  const [a, b, c, d] = [count, rest, known, knownRest].map((rows) => Math.round(rows / clustering));
  return asFew(a!, b!, c!, d!);
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
