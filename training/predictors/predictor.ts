/** What a predictor is: a function of the code, fitted after training, that is exported with the encoder. */
import type { Matrix } from '../../shared/tensor.ts';
import type { Value } from '../graph/types.ts';

/** Codes `[N, width]` to predictions: `[N, 1]`, of a classifier `[N, classes]`. */
export type Predict = (codes: Value) => Value;

interface PredictorBase {
  /** What it is, in one line for the documentation. */
  readonly summary: string;
  /** More rows than this take too long to fit; any number where not given. */
  readonly maxRows?: number;
}

/** Predicts a number. */
export interface Regressor extends PredictorBase {
  readonly kind: 'regressor';
  /** Fits `targets` from 0 to 1, one for each of the codes. */
  readonly fit: (codes: Matrix, targets: ArrayLike<number>) => Predict;
}

/** Predicts the probabilities of classes. */
export interface Classifier extends PredictorBase {
  readonly kind: 'classifier';
  /** Fits the class of each of the codes, from 0 up to `count`, at least 2; every class has a row. */
  readonly fit: (codes: Matrix, classes: ArrayLike<number>, count: number) => Promise<Predict>;
}

/** One file per predictor exports one of these, and the registry lists it. */
export type Predictor = Regressor | Classifier;
