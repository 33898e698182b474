/** Weights for a recommender to start from: those of EASE, a linear autoencoder that has a solution in closed form. */
import { Matrix as DoubleMatrix, EigenvalueDecomposition } from 'ml-matrix';
import type { AnyRows } from '../data/batches.ts';
import { columnsOf } from '../data/entries.ts';

/** The L2 penalty of EASE: of 100 to 800, the best on MovieLens' small set. */
export const PENALTY = 200;
/** Users whose products with each other are decomposed, at most: some ten seconds. */
export const MOST_USERS = 1000;
/** The largest logits of a user: what a multinomial begins with is then neither flat nor certain. */
const GAIN = 10;
/** Of the largest eigenvalue: below, there is nothing but rounding. */
const NOTHING = 1e-9;

export interface LinearStart {
  /** `[codeSize, items]` */
  readonly encoder: Float32Array;
  /** `[codeSize, items]` */
  readonly decoder: Float32Array;
}

/**
 * With X = U S V' the rows, EASE (Steck, 2019) scores the items that a user with the items x does not have by
 * x V D V' / (1 - diag(V D V')), where D = S^2 / (S^2 + penalty): an encoder and a decoder, each with a root of D. Kept are the
 * `codeSize` largest of D, which are all that is not 0 where there are no more users than that.
 *
 * @param rows Of ones, a row for each user, `[users, items]`; the time grows with the cube of their number.
 */
export function linearStart(rows: AnyRows, codeSize: number): LinearStart {
  const { rowCount: users, width: items } = rows;
  const havers = Array.from({ length: items }, (): number[] => []);
  for (let user = 0; user < users; user++) for (const item of columnsOf(rows, user)) havers[item]!.push(user);
  const shared = DoubleMatrix.zeros(users, users);
  for (const who of havers) {
    for (const one of who) for (const other of who) shared.set(one, other, shared.get(one, other) + 1);
  }
  const { realEigenvalues: squares, eigenvectorMatrix: vectors } = new EigenvalueDecomposition(shared, {
    assumeSymmetric: true,
  });
  const order = squares.map((_, i) => i).sort((a, b) => squares[b]! - squares[a]!);
  const kept = order.filter((i) => squares[i]! > NOTHING * squares[order[0]!]!).slice(0, codeSize);

  const encoder = new Float32Array(codeSize * items);
  const decoder = new Float32Array(codeSize * items);
  const own = new Float64Array(items);
  for (const [unit, i] of kept.entries()) {
    const column = vectors.getColumn(i);
    const factor = 1 / Math.sqrt(squares[i]! + PENALTY);
    for (let item = 0; item < items; item++) {
      let value = 0;
      for (const user of havers[item]!) value += column[user]!;
      value *= factor;
      encoder[unit * items + item] = value;
      own[item]! += value * value;
    }
  }
  for (let at = 0; at < decoder.length; at++) decoder[at] = (GAIN * encoder[at]!) / (1 - own[at % items]!);
  return { encoder, decoder };
}
