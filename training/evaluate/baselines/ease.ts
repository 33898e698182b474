/** EASE: a linear item-to-item model in closed form (Steck, 2019). */
import type { AnyRows } from '../../data/batches.ts';
import { columnsOf } from '../../data/entries.ts';
import { PENALTY } from '../../models/linearStart.ts';
import { bestOf, type Ranker } from '../metrics/ranking.ts';

/** Largest size of the matrix to invert: 6 million numbers, about 20 seconds; the time grows with the cube. */
const LARGEST = 2500;

/**
 * For the rows X, let P = (X'X + penalty)^-1 and B = I - P / diag(P): a user with the items x gets the scores
 * x B. If there are fewer users than items, P = (I - X' (X X' + penalty)^-1 X) / penalty, which inverts a
 * users-by-users matrix instead. Undefined if there are too many of both.
 */
export function ease(rows: AnyRows): Ranker | undefined {
  const { rowCount, width } = rows;
  if (Math.min(rowCount, width) > LARGEST) return undefined;
  const users = Array.from({ length: rowCount }, (_, row) => columnsOf(rows, row));
  const scorer = width <= rowCount ? byItems(users, width) : byUsers(users, width);
  return async (lists, count) => lists.map((given) => bestOf(scorer(given), given, count));
}

type ItemScorer = (given: readonly number[]) => Float64Array;
type ItemLists = readonly (readonly number[])[];

function byItems(users: ItemLists, items: number): ItemScorer {
  const gram = symmetric(items, (at) => {
    for (const own of users) for (const i of own) for (const j of own) at(i, j);
  });
  const inverse = inverted(gram);
  const scale = Float64Array.from(inverse, (row, item) => 1 / row[item]!);
  return (given) => {
    const scores = new Float64Array(items);
    for (const item of given) {
      const row = inverse[item]!;
      for (let other = 0; other < items; other++) scores[other]! -= row[other]! * scale[other]!;
    }
    return scores;
  };
}

function byUsers(users: ItemLists, items: number): ItemScorer {
  const havers = Array.from({ length: items }, (): number[] => []);
  users.forEach((own, user) => {
    for (const item of own) havers[item]!.push(user);
  });
  const gram = symmetric(users.length, (at) => {
    for (const who of havers) for (const one of who) for (const other of who) at(one, other);
  });
  const inverse = inverted(gram);
  // The inverse times X, a row per item: `[items, users]`.
  const projected = havers.map((who) => {
    const sum = new Float64Array(users.length);
    for (const user of who) addTo(sum, inverse[user]!);
    return sum;
  });
  const scale = Float64Array.from(havers, (who, item) => {
    const own = projected[item]!;
    return 1 / (1 - who.reduce((sum, user) => sum + own[user]!, 0));
  });
  return (given) => {
    const shared = new Float64Array(users.length);
    for (const item of given) addTo(shared, projected[item]!);
    return Float64Array.from(havers, (who, item) => {
      return scale[item]! * who.reduce((sum, user) => sum + shared[user]!, 0);
    });
  };
}

/** Symmetric matrix of pair counts, with the penalty added to the diagonal. */
function symmetric(size: number, count: (at: (i: number, j: number) => void) => void): Float64Array[] {
  const rows = Array.from({ length: size }, () => new Float64Array(size));
  rows.forEach((row, i) => {
    row[i] = PENALTY;
  });
  count((i, j) => {
    rows[i]![j]!++;
  });
  return rows;
}

/**
 * Inverts a positive definite matrix in place, by Gauss-Jordan elimination without pivoting.
 */
function inverted(rows: Float64Array[]): Float64Array[] {
  const size = rows.length;
  for (let k = 0; k < size; k++) {
    const pivotRow = rows[k]!;
    const pivot = 1 / pivotRow[k]!;
    pivotRow[k] = 1;
    for (let j = 0; j < size; j++) pivotRow[j]! *= pivot;
    for (let i = 0; i < size; i++) {
      if (i === k) continue;
      const row = rows[i]!;
      const factor = row[k]!;
      row[k] = 0;
      for (let j = 0; j < size; j++) row[j]! -= factor * pivotRow[j]!;
    }
  }
  return rows;
}

function addTo(sum: Float64Array, values: Float64Array): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += values[i]!;
}
