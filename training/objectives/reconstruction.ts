/**
 * Reconstruction losses. Each defines the reconstruction from the decoder's output, and the loss of its
 * errors.
 */
import { sigmoid } from '../graph/ops/activations.ts';
import { mul, neg, sub } from '../graph/ops/arithmetic.ts';
import { reduceSum } from '../graph/ops/broadcast.ts';
import { clip } from '../graph/ops/clip.ts';
import {
  binaryCrossEntropySum,
  binaryCrossEntropy as crossEntropyOfLogits,
} from '../graph/ops/crossEntropy.ts';
import { logSoftmax, softmax } from '../graph/ops/exponentials.ts';
import { reduceMean } from '../graph/ops/mean.ts';
import { abs, square } from '../graph/ops/powers.ts';
import type { Value } from '../graph/types.ts';
import { scalar } from '../graph/value.ts';
import { weightedMean } from './weighting.ts';

export interface ReconstructionLoss {
  /** One line for the documentation. */
  readonly summary: string;
  /**
   * Returns the reconstruction in the units of the target from the decoder's linear output, both
   * `[N, features]`.
   */
  readonly reconstruct: (output: Value) => Value;
  /** Returns the loss of every value, `[N, features]`. */
  readonly elements: (output: Value, target: Value) => Value;
  /** Returns the summed losses of each row, `[N]`, if there is a cheaper way than summing `elements`. */
  readonly sums?: (output: Value, target: Value) => Value;
  /** Reduction of the losses of a row: their mean or, for the log-likelihood of a whole row, their sum. */
  readonly row: 'mean' | 'sum';
  /** Range of targets for which the loss is defined; unlimited by default. */
  readonly targetRange?: readonly [number, number];
}

/** A custom loss, with its name in the metrics. */
export interface NamedLoss extends ReconstructionLoss {
  readonly name: string;
}

/**
 * Returns the loss of a batch, a scalar: the mean over its rows. Optional `weights` of the values are
 * `[N, features]` or `[features]`. A loss that is a mean counts each row once, whatever the sum of its
 * weights; one that is a sum, as the log-likelihood of what is known of a row, is smaller where values are
 * missing.
 */
export function meanLoss(loss: RowLoss, output: Value, target: Value, weights?: Value): Value {
  return reduceMean(
    weights === undefined
      ? rowLosses(loss, output, target)
      : weightedRowLosses(loss, output, target, weights),
  );
}

type RowLoss = Pick<ReconstructionLoss, 'elements' | 'sums' | 'row'>;

function rowLosses({ elements, sums, row }: RowLoss, output: Value, target: Value): Value {
  const total = sums === undefined ? reduceSum(elements(output, target), [1]) : sums(output, target);
  return row === 'sum' ? total : mul(total, scalar(1 / (target.shape[1] as number)));
}

function weightedRowLosses({ elements, row }: RowLoss, output: Value, target: Value, weights: Value): Value {
  const values = elements(output, target);
  return row === 'sum' ? reduceSum(mul(values, weights), [1]) : weightedMean(values, weights);
}

const itself = (output: Value) => output;

const mse: ReconstructionLoss = {
  summary: 'mean squared error; the reconstruction is the linear output',
  reconstruct: itself,
  elements: (output, target) => square(sub(output, target)),
  row: 'mean',
};

const sigmoidMse: ReconstructionLoss = {
  summary: 'mean squared error of the sigmoid, which keeps reconstructions between 0 and 1',
  reconstruct: sigmoid,
  elements: (output, target) => square(sub(sigmoid(output), target)),
  row: 'mean',
};

const mae: ReconstructionLoss = {
  summary: 'mean absolute error',
  reconstruct: itself,
  elements: (output, target) => abs(sub(output, target)),
  row: 'mean',
};

const huber: ReconstructionLoss = {
  summary: 'Huber loss: half the squared error for errors up to 1, linear beyond',
  reconstruct: itself,
  elements: (output, target) => {
    const error = sub(output, target);
    const clipped = clip(error, { min: -1, max: 1 });
    return mul(clipped, sub(error, mul(scalar(0.5), clipped)));
  },
  row: 'mean',
};

const binaryCrossEntropy: ReconstructionLoss = {
  summary: 'binary cross-entropy from logits, in nats; the reconstruction is the sigmoid',
  reconstruct: sigmoid,
  elements: crossEntropyOfLogits,
  sums: binaryCrossEntropySum,
  row: 'mean',
  targetRange: [0, 1],
};

/** Liang et al., 2018, eq. 2; for one-hot rows, the categorical cross-entropy. */
const multinomial: ReconstructionLoss = {
  summary:
    'multinomial negative log-likelihood of rows of counts or shares, in nats; the reconstruction is the softmax',
  reconstruct: softmax,
  elements: (logits, target) => neg(mul(logSoftmax(logits), target)),
  row: 'sum',
  targetRange: [0, Number.POSITIVE_INFINITY],
};

export const RECONSTRUCTION_LOSSES = {
  mse,
  'sigmoid-mse': sigmoidMse,
  mae,
  huber,
  'binary-cross-entropy': binaryCrossEntropy,
  multinomial,
} as const satisfies Record<string, ReconstructionLoss>;

export type ReconstructionLossName = keyof typeof RECONSTRUCTION_LOSSES;
