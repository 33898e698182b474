/** What every optimizer is: an update rule as graph nodes, and TensorFlow.js's own implementation of the same rule. */
import type * as tfjs from '@tensorflow/tfjs-core';
import type { Tfjs, Value, Variable } from '../graph/types.ts';

export interface Optimizer {
  /**
   * New values after one step, for the parameters and for whatever state the rule keeps (which starts at its
   * variables' initial values). Gradients are in the order of the parameters.
   */
  readonly update: (
    parameters: readonly Variable[],
    gradients: readonly Value[],
  ) => ReadonlyMap<Variable, Value>;
  readonly tfjs: (tf: Tfjs) => tfjs.Optimizer;
}
