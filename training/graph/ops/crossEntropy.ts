/** Binary cross-entropy, which is not an ONNX operator: it is always lowered to others. */
import type { Op, Value } from '../types.ts';
import { apply, float32, sameShape, shapeError } from '../value.ts';
import { relu, sigmoid } from './activations.ts';
import { mul, neg, sub } from './arithmetic.ts';
import { reduceSum } from './broadcast.ts';
import { abs, log } from './powers.ts';
import { reduceProd } from './product.ts';
import { reshapeTo } from './reshape.ts';
import { elementwise, reduceShape, requireFloat32 } from './shapeRules.ts';
import { unsqueeze } from './squeeze.ts';

/**
 * softplus(z) - z t for logits z and targets t in [0, 1], in nats. Equals -t log s(z) - (1 - t) log(1 - s(z))
 * with the sigmoid s, but never takes the logarithm of a sigmoid that was rounded to 0.
 */
export const binaryCrossEntropyOp: Op = {
  type: 'BinaryCrossEntropy',
  infer: elementwise('BinaryCrossEntropy'),
  gradient: (g, { inputs: [logits, target] }) => [
    mul(g, sub(sigmoid(logits!), target!)),
    neg(mul(g, logits!)),
  ],
  // onnxruntime's Softplus is not vectorised: it took a third of a training step. This is
  // max(z, 0) - z t + log(1 + exp(-|z|)), with an error of less than 1e-7 nats where the sigmoid rounds to 1.
  lower: ([logits, target]) => sub(sub(relu(logits!), mul(logits!, target!)), log(sigmoid(abs(logits!)))),
  kernel: (tf, [logits, target]) => [tf.sub(tf.softplus(logits!), tf.mul(logits!, target!))],
};

/** Cross-entropy of each logit and its target, in nats. Both have the same shape. */
export function binaryCrossEntropy(logits: Value, target: Value): Value {
  return apply(binaryCrossEntropyOp, [logits, target]);
}

/**
 * Cross-entropies of logits and targets, both `[..., F]`, summed over the last axis. A single operator,
 * because sums of logarithms are cheaper as logarithms of products.
 */
export const binaryCrossEntropySumOp: Op = {
  type: 'BinaryCrossEntropySum',
  infer: (inputs) => {
    requireFloat32('BinaryCrossEntropySum', inputs);
    const [{ shape }, target] = inputs as [Value, Value];
    if (!sameShape(shape, target.shape) || typeof shape.at(-1) !== 'number')
      throw shapeError('BinaryCrossEntropySum', 'needs two equal shapes with a fixed last axis', inputs);
    return float32(reduceShape(shape, [shape.length - 1], false));
  },
  gradient: (g, { inputs: [logits, target] }) => {
    const each = unsqueeze(g, [logits!.shape.length - 1]);
    return [mul(each, sub(sigmoid(logits!), target!)), neg(mul(each, logits!))];
  },
  lower: ([logits, target]) => {
    const last = logits!.shape.length - 1;
    const linear = reduceSum(sub(relu(logits!), mul(logits!, target!)), [last]);
    const width = logits!.shape[last] as number;
    const group = largestDivisor(width, MOST_FACTORS);
    // Every factor is in [0.5, 1], so no product underflows float32.
    const factors = sigmoid(abs(logits!));
    const grouped = reshapeTo(factors, [...factors.shape.slice(0, -1), width / group, group]);
    return sub(linear, reduceSum(log(reduceProd(grouped, [last + 1])), [last]));
  },
  kernel: (tf, [logits, target]) => [tf.sum(tf.sub(tf.softplus(logits!), tf.mul(logits!, target!)), -1)],
};

/**
 * Factors per product. 0.5^32 is far above the smallest float32; rounding errors grow with the number of
 * factors.
 */
const MOST_FACTORS = 32;

function largestDivisor(value: number, most: number): number {
  for (let divisor = Math.min(value, most); divisor > 1; divisor--) if (value % divisor === 0) return divisor;
  return 1;
}

/** Cross-entropies of logits and targets `[..., F]`, in nats, summed over the last axis. */
export function binaryCrossEntropySum(logits: Value, target: Value): Value {
  return apply(binaryCrossEntropySumOp, [logits, target]);
}
