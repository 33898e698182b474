/** The interface of layers: functions from values to values that own their variables. */
import type { Input, NoiseDistribution, Shape, Value, Variable } from '../graph/types.ts';
import { noise } from '../graph/value.ts';

/** A layer. Applying it twice shares its weights. */
export type Layer = (x: Value, context: Context) => Value;

/** The context in which a layer is applied: training or evaluation. */
export interface Context {
  /** True if dropout, corruption and batch statistics are active. */
  readonly training: boolean;
  /** Returns random numbers that are drawn at every step. */
  readonly noise: (name: string, shape: Shape, distribution: NoiseDistribution) => Input;
  /** Sets the value after the step of a variable that is not trained by gradients. */
  readonly update: (variable: Variable, value: Value) => void;
}

/** Creates the context of a training step, which collects the updates that layers request. */
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

/**
 * Creates the context of evaluation: no dropout, no corruption, running statistics. Sampling stays active.
 */
export function evaluationContext(): Context {
  return { ...trainingContext(), training: false, update: () => undefined };
}

/** Applies layers one after another. */
export function sequential(layers: readonly Layer[]): Layer {
  return (x, context) => layers.reduce((value, layer) => layer(value, context), x);
}
