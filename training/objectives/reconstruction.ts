/** Reconstruction losses. Each says how the decoder's last values become a reconstruction, and what its error costs. */
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
  /** What it is, in one line for the documentation. */
  readonly summary: string;
  /** The reconstruction, in the units of the target, from the decoder's linear output. Shapes `[N, features]`. */
  readonly reconstruct: (output: Value) => Value;
  /** The loss of every value: `[N, features]`. */
  readonly elements: (output: Value, target: Value) => Value;
  /** The sum of each row's losses, `[N]`, where there is a cheaper way than adding them up. */
  readonly sums?: (output: Value, target: Value) => Value;
  /** What the loss of a row is: the mean of its values', or their sum where it is the log-likelihood of a whole row. */
  readonly row: 'mean' | 'sum';
  /** The values for which the loss means anything, any by default. */
  readonly targetRange?: readonly [number, number];
}

/**
 * The loss of a batch, a scalar: the mean over its rows. `weights`, where values do not all count alike, are `[N, features]`
 * or `[features]`; a row has one say, however many of its values count.
 */
export function meanLoss(
  loss: Pick<ReconstructionLoss, 'elements' | 'sums' | 'row'>,
  output: Value,
  target: Value,
  weights?: Value,
): Value {
  return reduceMean(
    weights === undefined ? rowLosses(loss, output, target) : weighted(loss, output, target, weights),
  );
}

type Losses = Parameters<typeof meanLoss>[0];

function rowLosses({ elements, sums, row }: Losses, output: Value, target: Value): Value {
  const total = sums === undefined ? reduceSum(elements(output, target), [1]) : sums(output, target);
  return row === 'sum' ? total : mul(total, scalar(1 / (target.shape[1] as number)));
}

function weighted({ elements, row }: Losses, output: Value, target: Value, weights: Value): Value {
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

const mae: ReconstructionLoss = {
  summary: 'mean absolute error',
  reconstruct: itself,
  elements: (output, target) => abs(sub(output, target)),
  row: 'mean',
};

const huber: ReconstructionLoss = {
  summary: "Huber's loss: half the square of errors up to 1, linear in larger ones",
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

/** Liang et al., 2018, eq. 2; of rows that are one-hot, it is the categorical cross-entropy. */
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
  mae,
  huber,
  'binary-cross-entropy': binaryCrossEntropy,
  multinomial,
} as const satisfies Record<string, ReconstructionLoss>;

export type ReconstructionLossName = keyof typeof RECONSTRUCTION_LOSSES;
