/** Initial weights of a recommender from EASE, a linear autoencoder with a closed-form solution. */
import { Matrix as DoubleMatrix, EigenvalueDecomposition } from 'ml-matrix';
import type { AnyRows } from '../data/batches.ts';
import { columnsOf } from '../data/entries.ts';

/** The L2 penalty of EASE: the best of 100 to 800 on MovieLens' small set. */
export const PENALTY = 200;
/** Most users whose matrix of inner products is decomposed, which takes about ten seconds. */
export const MOST_USERS = 1000;
/** Magnitude of the largest logits of a user, so that the initial multinomial is neither flat nor certain. */
const GAIN = 10;
/** Smallest eigenvalue, relative to the largest, that is more than rounding. */
const SMALLEST_EIGENVALUE = 1e-9;

export interface LinearStart {
  /** `[codeSize, items]` */
  readonly encoder: Float32Array;
  /** `[codeSize, items]` */
  readonly decoder: Float32Array;
}

/**
 * Computes an encoder and a decoder from the rows X = U S V'. EASE (Steck, 2019) scores the items that a user
 * with the items x does not have by x V D V' / (1 - diag(V D V')), where D = S^2 / (S^2 + penalty). Encoder
 * and decoder each get a root of D, of which the `codeSize` largest entries are kept. This is exact if there
 * are no more users than that.
 *
 * @param rows Ones for the items of each user, `[users, items]`. The time grows with the cube of the number
 * of users.
 */
export function linearStart(rows: AnyRows, codeSize: number): LinearStart {
  const { rowCount: users, width: items } = rows;
  const usersOf = Array.from({ length: items }, (): number[] => []);
  for (let user = 0; user < users; user++)
    for (const item of columnsOf(rows, user)) usersOf[item]!.push(user);
  const shared = DoubleMatrix.zeros(users, users);
  for (const owners of usersOf) {
    for (const one of owners) for (const other of owners) shared.set(one, other, shared.get(one, other) + 1);
  }
  const { realEigenvalues: squares, eigenvectorMatrix: vectors } = new EigenvalueDecomposition(shared, {
    assumeSymmetric: true,
  });
  const order = squares.map((_, i) => i).sort((a, b) => squares[b]! - squares[a]!);
  const kept = order
    .filter((i) => squares[i]! > SMALLEST_EIGENVALUE * squares[order[0]!]!)
    .slice(0, codeSize);

  const encoder = new Float32Array(codeSize * items);
  const decoder = new Float32Array(codeSize * items);
  const diagonal = new Float64Array(items);
  for (const [unit, i] of kept.entries()) {
    const column = vectors.getColumn(i);
    const factor = 1 / Math.sqrt(squares[i]! + PENALTY);
    for (let item = 0; item < items; item++) {
      let value = 0;
      for (const user of usersOf[item]!) value += column[user]!;
      value *= factor;
      encoder[unit * items + item] = value;
      diagonal[item]! += value * value;
    }
  }
  for (let at = 0; at < decoder.length; at++)
    decoder[at] = (GAIN * encoder[at]!) / (1 - diagonal[at % items]!);
  return { encoder, decoder };
}
