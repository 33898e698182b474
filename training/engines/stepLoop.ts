/** Training steps as a loop in one graph. */

import { scan } from '../graph/ops/scan.ts';
import { substitute } from '../graph/substitute.ts';
import type { Input, Value, Variable } from '../graph/types.ts';
import { input } from '../graph/value.ts';

export interface StepLoop {
  /** The step's inputs, stacked as `[steps, ...]`, in the same order and with the same names. */
  readonly inputs: readonly Input[];
  /** The variables after the last step. */
  readonly next: ReadonlyMap<Variable, Value>;
  /** The outputs of every step, `[steps, ...]`. */
  readonly stacked: readonly Value[];
}

/**
 * Repeats a step that depends on `inputs` and on the variables it updates. onnxruntime-node copies the
 * outputs of every run, here all weights and the optimizer's state. With many steps per run, the variables
 * stay inside onnxruntime between steps and are copied once per run.
 */
export function stepLoop(
  inputs: readonly Input[],
  updates: ReadonlyMap<Variable, Value>,
  outputs: readonly Value[],
): StepLoop {
  const variables = [...updates.keys()];
  const stackedInputs = inputs.map(({ name, shape }) => input(name, ['steps', ...shape]));
  const { states, stacked } = scan({
    states: variables,
    scanned: stackedInputs,
    step: (own) => {
      const replacements = new Map<Value, Value>([
        ...variables.map((each, i) => [each, own.states[i]!] as const),
        ...inputs.map((each, i) => [each, own.scanned[i]!] as const),
      ]);
      const made = substitute([...updates.values(), ...outputs], replacements);
      return { states: made.slice(0, variables.length), outputs: made.slice(variables.length) };
    },
  });
  const next = new Map(variables.map((each, i) => [each, states[i]!] as const));
  return { inputs: stackedInputs, next, stacked };
}
