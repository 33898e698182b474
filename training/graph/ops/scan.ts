/** `Scan`: a loop over the first axis of its inputs, such as the steps of a sequence. */
import type * as tfjs from '@tensorflow/tfjs-core';
import { interpret } from '../interpret.ts';
import type { Op, Value } from '../types.ts';
import { sameShape, shapeError } from '../value.ts';
import { applyScan, bodyOf, type ScanOptions, type ScanResult, scanParts } from './scanBody.ts';
import { residualsOf, scanGradient } from './scanGradient.ts';

/**
 * ONNX `Scan` over the first axis, with one direction for all inputs and outputs. The node's inputs are the
 * initial states, the scanned sequences and the captured values; its outputs are the final states and the
 * stacked outputs of all steps.
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
    const { body, states, scanned } = scanParts(inputs, attributes);
    const steps = scanned[0]?.shape[0];
    const next = body.outputs.slice(0, states.length);
    if (steps === undefined || scanned.some(({ shape }) => shape[0] !== steps))
      throw shapeError('Scan', 'needs scanned inputs with equal numbers of steps', inputs);
    if (next.some(({ shape }, i) => !sameShape(shape, states[i]!.shape)))
      throw shapeError('Scan', 'the next states have other shapes than the states', [...states, ...next]);
    return body.outputs.map(({ dtype, shape }, i) => ({
      dtype,
      shape: i < states.length ? shape : [steps, ...shape],
    }));
  },
  gradient: { ofOutputs: scanGradient },
  kernel: (tf, inputs, attributes) => {
    const { body, states, scanned, captured, reverse } = scanParts(inputs, attributes);
    // In TensorFlow.js 4.22, the gradient of unstacking a single step fails.
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
 * Applies `step` along the first axis of the scanned sequences and passes its states on. A differentiable
 * loop keeps the values of every step that its gradient needs; the gradient of any other loop computes them
 * again.
 */
export function scan(options: ScanOptions, { differentiable = false } = {}): ScanResult {
  const body = bodyOf(options);
  const stateCount = options.states.length;
  const kept = differentiable ? residualsOf(body, stateCount) : [];
  return applyScan(scanOp, { ...body, outputs: [...body.outputs, ...kept] }, options);
}
