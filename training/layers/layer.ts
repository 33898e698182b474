/** What every layer is: a function from values to values that owns its variables. */
import type { Input, NoiseDistribution, Shape, Value, Variable } from '../graph/types.ts';
import { noise } from '../graph/value.ts';

/** Applying a layer twice shares its weights. */
export type Layer = (x: Value, context: Context) => Value;

/** What a layer may do besides computing, which depends on what the graph is for. */
export interface Context {
  /** Whether dropout drops, noise corrupts and batch statistics are those of the batch. */
  readonly training: boolean;
  /** Random numbers drawn afresh at every step. */
  readonly noise: (name: string, shape: Shape, distribution: NoiseDistribution) => Input;
  /** Gives a variable that is not trained by gradients its value after the step. */
  readonly update: (variable: Variable, value: Value) => void;
}

/** The context of a training step, and the updates that its layers asked for. */
export function trainingContext(): Context & { readonly updates: ReadonlyMap<Variable, Value> } {
  const updates = new Map<Variable, Value>();
  const names = new Map<string, number>();
  return {
    training: true,
    updates,
    noise: (name, shape, distribution) => {
      const uses = names.get(name) ?? 0;
      names.set(name, uses + 1);
      return noise(uses === 0 ? name : `${name}_${uses}`, shape, distribution);
    },
    update: (variable, value) => {
      updates.set(variable, value);
    },
  };
}

/** The context of evaluation: no dropout, no corruption, running statistics; sampling still samples. */
export function evaluationContext(): Context {
  return { ...trainingContext(), training: false, update: () => undefined };
}

/** One layer after the other. */
export function sequential(layers: readonly Layer[]): Layer {
  return (x, context) => layers.reduce((value, layer) => layer(value, context), x);
}
