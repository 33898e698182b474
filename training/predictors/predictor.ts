/** What a predictor is: a function of the code, fitted after training, that is exported with the encoder. */
import type { Matrix } from '../../shared/tensor.ts';
import type { Value } from '../graph/types.ts';

/** Codes `[N, width]` to predictions `[N, 1]`. */
export type Predict = (codes: Value) => Value;

/** One file per predictor exports one of these, and the registry lists it. */
export interface Predictor {
  /** What it is, in one line for the documentation. */
  readonly summary: string;
  /** More rows than this take too long to fit; any number where not given. */
  readonly maxRows?: number;
  /** Fits `targets` from 0 to 1, one for each of the codes. */
  readonly fit: (codes: Matrix, targets: ArrayLike<number>) => Predict;
}
