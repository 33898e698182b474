/** Reconstruction losses. Each says how the decoder's last values become a reconstruction, and what its error costs. */
import { sigmoid, softplus } from '../graph/ops/activations.ts';
import { mul, sub } from '../graph/ops/arithmetic.ts';
import { reduceMean } from '../graph/ops/mean.ts';
import { square } from '../graph/ops/powers.ts';
import type { Value } from '../graph/types.ts';

export interface ReconstructionLoss {
  /** The reconstruction, in the units of the target, from the decoder's linear output. Shapes `[N, features]`. */
  readonly reconstruct: (output: Value) => Value;
  /** Mean loss over all rows and features, a scalar. */
  readonly loss: (output: Value, target: Value) => Value;
}

/** Mean squared error; the reconstruction is the linear output. */
const mse: ReconstructionLoss = {
  reconstruct: (output) => output,
  loss: (output, target) => reduceMean(square(sub(output, target))),
};

/**
 * Binary cross-entropy from logits, in nats; targets lie in [0, 1] and the reconstruction is the sigmoid.
 * softplus(z) - z t equals -t log s(z) - (1 - t) log(1 - s(z)) without ever taking the log of a rounded 0.
 */
const binaryCrossEntropy: ReconstructionLoss = {
  reconstruct: sigmoid,
  loss: (logits, target) => reduceMean(sub(softplus(logits), mul(logits, target))),
};

export const RECONSTRUCTION_LOSSES = {
  mse,
  'binary-cross-entropy': binaryCrossEntropy,
} as const satisfies Record<string, ReconstructionLoss>;

export type ReconstructionLossName = keyof typeof RECONSTRUCTION_LOSSES;
