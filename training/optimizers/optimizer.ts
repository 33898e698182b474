/** What every optimizer is: an update rule as graph nodes, and the same rule in TensorFlow.js. */
import type * as tfjs from '@tensorflow/tfjs-core';
import * as z from 'zod';
import type { Progress, Tfjs, Value, Variable } from '../graph/types.ts';

/** The setting that every optimizer has. */
export function learningRate(max: number) {
  return z.number().positive().max(max).describe('step size, which the schedule then scales');
}

export interface Optimizer {
  /** The learning rate of a step: an input of the training graph, computed afresh for each. */
  readonly learningRate: (progress: Progress) => number;
  /**
   * What gradients go through before the rule sees them, in every engine: clipping, L2 decay. As they are where absent.
   * Gradients are in the order of the parameters, here and below.
   */
  readonly prepare?: (parameters: readonly Variable[], gradients: readonly Value[]) => readonly Value[];
  /**
   * New values after one step, for the parameters and for whatever state the rule keeps (which starts at its
   * variables' initial values). `learningRate` is a scalar.
   */
  readonly update: (
    parameters: readonly Variable[],
    gradients: readonly Value[],
    learningRate: Value,
  ) => ReadonlyMap<Variable, Value>;
  /** The same rule in TensorFlow.js, by its own optimizer where it has one. */
  readonly tfjs: (tf: Tfjs) => TfjsRule;
}

/** An update rule in TensorFlow.js. */
export interface TfjsRule {
  /** One step: assigns new values to `variables`. Frees what it makes but its state. */
  readonly apply: (
    variables: readonly tfjs.Variable[],
    gradients: readonly tfjs.Tensor[],
    learningRate: number,
  ) => void;
  /** Copies of the state after any number of steps, in an order of its own. */
  readonly state: () => Promise<Float32Array[]>;
  /** Continues from such a state; `variables` as in `apply`. */
  readonly restore: (state: readonly Float32Array[], variables: readonly tfjs.Variable[]) => Promise<void>;
  readonly dispose: () => void;
}
