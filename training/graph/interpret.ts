/** Runs a graph in TensorFlow.js, operator by operator. */
import type * as tfjs from '@tensorflow/tfjs-core';
import { topological } from './traverse.ts';
import type { Tensor, Tfjs, Value } from './types.ts';
import { describeValue, GraphError } from './value.ts';

/**
 * Computes the tensors of `roots`, in order, from the tensors of every input and variable that they depend
 * on. TensorFlow.js can differentiate the result with respect to the given tensors. Call it inside `tf.tidy`
 * to free the intermediate tensors.
 * @throws {GraphError} if an input or a variable has no tensor.
 */
export function interpret(
  tf: Tfjs,
  roots: readonly Value[],
  given: ReadonlyMap<Value, tfjs.Tensor>,
): tfjs.Tensor[] {
  const tensors = new Map<Value, tfjs.Tensor>(given);
  for (const value of topological(roots, given)) {
    // Computed together with another output of the same node.
    if (tensors.has(value)) continue;
    if (value.kind === 'constant') {
      tensors.set(value, toTfjs(tf, value.tensor));
    } else if (value.kind === 'result') {
      const { op, inputs, attributes, outputs } = value.node;
      const results = op.kernel(
        tf,
        inputs.map((each) => tensors.get(each)!),
        attributes,
      );
      outputs.forEach((output, i) => {
        tensors.set(output, results[i]!);
      });
    } else {
      throw new GraphError(`no tensor was given for ${describeValue(value)}`);
    }
  }
  return roots.map((root) => tensors.get(root)!);
}

/** Converts a tensor to TensorFlow.js, which has no int64: int64 becomes int32. */
export function toTfjs(tf: Tfjs, { dtype, shape, data }: Tensor): tfjs.Tensor {
  return dtype === 'int64'
    ? tf.tensor(Int32Array.from(data, Number), [...shape], 'int32')
    : tf.tensor(data as tfjs.TensorLike, [...shape], dtype);
}
