/** The interface of optimizers: an update rule as graph nodes, and the same rule in TensorFlow.js. */
import type * as tfjs from '@tensorflow/tfjs-core';
import * as z from 'zod';
import type { Progress, Tfjs, Value, Variable } from '../graph/types.ts';

/** The learning rate setting of an optimizer. */
export function learningRate(max: number) {
  return z.number().positive().max(max).describe('step size, before the schedule scales it');
}

export interface Optimizer {
  /** Computes the learning rate of a step, which is fed to the training graph. */
  readonly learningRate: (progress: Progress) => number;
  /**
   * Prepares gradients for the rule, in every engine: clipping, L2 decay. Absent if gradients are used
   * unchanged. Gradients are in the order of the parameters, here and below.
   */
  readonly prepare?: (parameters: readonly Variable[], gradients: readonly Value[]) => readonly Value[];
  /**
   * Returns the values after one step of the parameters and of the rule's state, which starts at the initial
   * values of its variables. `learningRate` is a float32 scalar.
   */
  readonly update: (
    parameters: readonly Variable[],
    gradients: readonly Value[],
    learningRate: Value,
  ) => ReadonlyMap<Variable, Value>;
  /** Creates the same rule in TensorFlow.js, from its own optimizer if there is one. */
  readonly tfjs: (tf: Tfjs) => TfjsRule;
}

/** An optimizer's settings, and how to create it from them. One file per optimizer exports one of these. */
export interface OptimizerDefinition<Schema extends z.ZodObject = z.ZodObject> {
  /** One line for the documentation. */
  readonly summary: string;
  /** The hyperparameters with their defaults and bounds. */
  readonly config: Schema;
  readonly create: (config: z.output<Schema>) => Optimizer;
}

/** An update rule in TensorFlow.js. */
export interface TfjsRule {
  /** Takes one step: assigns new values to `variables`. Frees all tensors it creates except its state. */
  readonly apply: (
    variables: readonly tfjs.Variable[],
    gradients: readonly tfjs.Tensor[],
    learningRate: number,
  ) => void;
  /** Copies the state, in an order of its own. */
  readonly state: () => Promise<Float32Array[]>;
  /** Continues from a copied state; `variables` as in `apply`. */
  readonly restore: (state: readonly Float32Array[], variables: readonly tfjs.Variable[]) => Promise<void>;
  readonly dispose: () => void;
}
