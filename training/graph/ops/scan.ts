/** `Scan`: a loop over the first axis of its inputs, such as the steps of a sequence. */
import type * as tfjs from '@tensorflow/tfjs-core';
import { interpret } from '../interpret.ts';
import type { Op, Value } from '../types.ts';
import { sameShape, shapeError } from '../value.ts';
import { applyScan, bodyOf, partsOf, type Scanned, type ScanOptions } from './scanBody.ts';
import { residualsOf, scanGradient } from './scanGradient.ts';

/**
 * ONNX `Scan` over the first axis, all of it in one direction. The node's inputs are the initial states, what is scanned
 * and what the body captures; its outputs are the final states and the outputs of every step, stacked.
 */
export const scanOp: Op = {
  type: 'Scan',
  attributes: {
    body: 'body',
    num_scan_inputs: 'int',
    scan_input_directions: 'ints',
    scan_output_directions: 'ints',
  },
  outputsRequired: true,
  infer: (inputs, attributes) => {
    const { body, states, scanned } = partsOf(inputs, attributes);
    const steps = scanned[0]?.shape[0];
    const next = body.outputs.slice(0, states.length);
    if (steps === undefined || scanned.some(({ shape }) => shape[0] !== steps))
      throw shapeError('Scan', 'needs something to scan, all of it with as many steps', inputs);
    if (next.some(({ shape }, i) => !sameShape(shape, states[i]!.shape)))
      throw shapeError('Scan', 'the next states have other shapes than the states', [...states, ...next]);
    return body.outputs.map(({ dtype, shape }, i) => ({
      dtype,
      shape: i < states.length ? shape : [steps, ...shape],
    }));
  },
  gradient: { ofOutputs: scanGradient },
  kernel: (tf, inputs, attributes) => {
    const { body, states, scanned, captured, reverse } = partsOf(inputs, attributes);
    // The gradient of unstacking one step fails in TensorFlow.js 4.22.
    const sequences = scanned.map((each) =>
      each.shape[0] === 1 ? [tf.squeeze(each, [0])] : tf.unstack(each),
    );
    const order = sequences[0]!.map((_, step) => step);
    const stacked: tfjs.Tensor[][] = body.outputs.slice(states.length).map(() => []);
    let current = states;
    for (const step of reverse ? order.reverse() : order) {
      const fed = [...current, ...sequences.map((each) => each[step]!), ...captured];
      const placeholders = [...body.inputs, ...body.captured];
      const given = new Map<Value, tfjs.Tensor>(placeholders.map((each, i) => [each, fed[i]!]));
      const results = interpret(tf, body.outputs, given);
      current = results.slice(0, states.length);
      stacked.forEach((steps, i) => {
        steps[step] = results[states.length + i]!;
      });
    }
    return [...current, ...stacked.map((steps) => tf.stack(steps))];
  },
};

/**
 * Repeats `step` along the first axis of what is scanned, from state to state. A differentiable loop keeps what its gradient
 * needs of every step; of another that is computed again where there is a gradient.
 */
export function scan(options: ScanOptions, { differentiable = false } = {}): Scanned {
  const body = bodyOf(options);
  const stateCount = options.states.length;
  const kept = differentiable ? residualsOf(body, stateCount) : [];
  return applyScan(scanOp, { ...body, outputs: [...body.outputs, ...kept] }, options);
}
