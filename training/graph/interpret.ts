/** Running a graph in TensorFlow.js, operator by operator. */
import type * as tfjs from '@tensorflow/tfjs-core';
import { topological } from './traverse.ts';
import type { Tensor, Tfjs, Value } from './types.ts';
import { describe, GraphError } from './value.ts';

/**
 * The tensors of `roots`, in order, given those of every input and variable they reach. Differentiable by
 * TensorFlow.js with respect to the given tensors; call it inside `tf.tidy` to free what lies between.
 * @throws {GraphError} when an input or a variable has no tensor.
 */
export function interpret(
  tf: Tfjs,
  roots: readonly Value[],
  given: ReadonlyMap<Value, tfjs.Tensor>,
): tfjs.Tensor[] {
  const tensors = new Map<Value, tfjs.Tensor>(given);
  for (const value of topological(roots, given)) {
    // One output of a node brings the others.
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
      throw new GraphError(`no tensor was given for ${describe(value)}`);
    }
  }
  return roots.map((root) => tensors.get(root)!);
}

/** A tensor in TensorFlow.js, where int64 is int32. */
export function toTfjs(tf: Tfjs, { dtype, shape, data }: Tensor): tfjs.Tensor {
  return dtype === 'int64'
    ? tf.tensor(Int32Array.from(data, Number), [...shape], 'int32')
    : tf.tensor(data as tfjs.TensorLike, [...shape], dtype);
}
