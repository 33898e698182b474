/** Reconstruction losses. Each says how the decoder's last values become a reconstruction, and what its error costs. */
import { relu, sigmoid } from '../graph/ops/activations.ts';
import { mul, neg, sub } from '../graph/ops/arithmetic.ts';
import { reduceSum } from '../graph/ops/broadcast.ts';
import { binaryCrossEntropy as crossEntropyOfLogits } from '../graph/ops/crossEntropy.ts';
import { logSoftmax, softmax } from '../graph/ops/exponentials.ts';
import { reduceMean } from '../graph/ops/mean.ts';
import { abs, square } from '../graph/ops/powers.ts';
import type { Value } from '../graph/types.ts';
import { scalar } from '../graph/value.ts';

export interface ReconstructionLoss {
  /** What it is, in one line for the documentation. */
  readonly summary: string;
  /** The reconstruction, in the units of the target, from the decoder's linear output. Shapes `[N, features]`. */
  readonly reconstruct: (output: Value) => Value;
  /** The loss of every value: `[N, features]`. */
  readonly elements: (output: Value, target: Value) => Value;
  /** The loss of a batch as a scalar: the mean over rows and features, or over rows of the sum over features. */
  readonly reduce: (elements: Value) => Value;
  /** The values for which the loss means anything, any by default. */
  readonly targetRange?: readonly [number, number];
}

const overValues = (elements: Value) => reduceMean(elements);
/** Mean over rows of the sum over features: a log-likelihood of whole rows. */
export const overRows = (elements: Value) => reduceMean(reduceSum(elements, [1]));
const itself = (output: Value) => output;

const mse: ReconstructionLoss = {
  summary: 'mean squared error; the reconstruction is the linear output',
  reconstruct: itself,
  elements: (output, target) => square(sub(output, target)),
  reduce: overValues,
};

const mae: ReconstructionLoss = {
  summary: 'mean absolute error',
  reconstruct: itself,
  elements: (output, target) => abs(sub(output, target)),
  reduce: overValues,
};

const huber: ReconstructionLoss = {
  summary: "Huber's loss: half the square of errors up to 1, linear in larger ones",
  reconstruct: itself,
  elements: (output, target) => {
    const error = abs(sub(output, target));
    const clipped = sub(error, relu(sub(error, scalar(1))));
    return mul(clipped, sub(error, mul(scalar(0.5), clipped)));
  },
  reduce: overValues,
};

const binaryCrossEntropy: ReconstructionLoss = {
  summary: 'binary cross-entropy from logits, in nats; the reconstruction is the sigmoid',
  reconstruct: sigmoid,
  elements: crossEntropyOfLogits,
  reduce: overValues,
  targetRange: [0, 1],
};

/** Liang et al., 2018, eq. 2. */
const multinomial: ReconstructionLoss = {
  summary:
    'multinomial negative log-likelihood of rows of counts or shares, in nats; the reconstruction is the softmax',
  reconstruct: softmax,
  elements: (logits, target) => neg(mul(logSoftmax(logits), target)),
  reduce: overRows,
  targetRange: [0, Number.POSITIVE_INFINITY],
};

export const RECONSTRUCTION_LOSSES = {
  mse,
  mae,
  huber,
  'binary-cross-entropy': binaryCrossEntropy,
  multinomial,
} as const satisfies Record<string, ReconstructionLoss>;

export type ReconstructionLossName = keyof typeof RECONSTRUCTION_LOSSES;
