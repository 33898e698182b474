/** Binary cross-entropy, which is not an ONNX operator: it is always written in others. */
import type { Op, Value } from '../types.ts';
import { apply } from '../value.ts';
import { relu, sigmoid } from './activations.ts';
import { mul, neg, sub } from './arithmetic.ts';
import { abs, log } from './powers.ts';
import { elementwise } from './shapes.ts';

/**
 * softplus(z) - z t for logits z and targets t in [0, 1], in nats: -t log s(z) - (1 - t) log(1 - s(z)) without ever taking
 * the log of a rounded 0.
 */
export const binaryCrossEntropyOp: Op = {
  type: 'BinaryCrossEntropy',
  infer: elementwise('BinaryCrossEntropy'),
  gradient: (g, { inputs: [logits, target] }) => [
    mul(g, sub(sigmoid(logits!), target!)),
    neg(mul(g, logits!)),
  ],
  // onnxruntime's Softplus takes exponentials and logarithms one by one: it was a third of a whole training step. This is
  // max(z, 0) - z t + log(1 + exp(-|z|)), off by less than 1e-7 nats where the sigmoid rounds to 1.
  lower: ([logits, target]) => sub(sub(relu(logits!), mul(logits!, target!)), log(sigmoid(abs(logits!)))),
  kernel: (tf, [logits, target]) => [tf.sub(tf.softplus(logits!), tf.mul(logits!, target!))],
};

/** The cross-entropy of each pair; logits and target have the same shape. */
export function binaryCrossEntropy(logits: Value, target: Value): Value {
  return apply(binaryCrossEntropyOp, [logits, target]);
}
