/** Predictors: functions of the code, fitted after training and exported with the encoder. */
import type { Matrix } from '../../shared/tensor.ts';
import type { Value } from '../graph/types.ts';

/** Maps codes `[N, width]` to predictions: `[N, 1]` for a regressor, `[N, classes]` for a classifier. */
export type Predict = (codes: Value) => Value;

interface PredictorBase {
  /** One line for the documentation. */
  readonly summary: string;
  /** Most rows that can be fitted in reasonable time; unlimited by default. */
  readonly maxRows?: number;
}

/** Predicts a number. */
export interface Regressor extends PredictorBase {
  readonly kind: 'regressor';
  /** Fits `targets` in [0, 1], one per code. */
  readonly fit: (codes: Matrix, targets: ArrayLike<number>) => Predict;
}

/** Predicts the probabilities of classes. */
export interface Classifier extends PredictorBase {
  readonly kind: 'classifier';
  /** Fits the class of each code, in [0, `count`); `count` is at least 2, and every class must occur. */
  readonly fit: (codes: Matrix, classes: ArrayLike<number>, count: number) => Promise<Predict>;
}

/** One file per predictor exports one of these, and the registry lists it. */
export type Predictor = Regressor | Classifier;
