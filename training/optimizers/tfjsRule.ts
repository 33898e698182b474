/** TensorFlow.js's own optimizers as update rules whose learning rate and state can be set. */
import type * as tfjs from '@tensorflow/tfjs-core';
import type { Tfjs } from '../graph/types.ts';
import type { TfjsRule } from './optimizer.ts';

interface TfjsRuleOptions<Own extends tfjs.Optimizer> {
  readonly setLearningRate: (optimizer: Own, learningRate: number) => void;
  /** Puts back, after `steps`, what the optimizer's `setWeights` leaves out or only approximates. */
  readonly restored?: (optimizer: Own, steps: number) => void;
  /** Frees what the optimizer's `dispose` leaves behind. */
  readonly disposed?: (optimizer: Own) => void;
}

/**
 * Wraps an optimizer of TensorFlow.js. Its state is what `getWeights` gives: the number of steps, then tensors that each
 * have the shape of a parameter, in the order of the parameters, once or several times over.
 */
export function tfjsRule<Own extends tfjs.Optimizer>(
  tf: Tfjs,
  optimizer: Own,
  { setLearningRate, restored, disposed }: TfjsRuleOptions<Own>,
): TfjsRule {
  return {
    apply: (variables, gradients, learningRate) => {
      setLearningRate(optimizer, learningRate);
      optimizer.applyGradients(variables.map(({ name }, i) => ({ name, tensor: gradients[i]! })));
    },
    state: async () => {
      const [steps, ...slots] = await optimizer.getWeights();
      const values = [steps!, ...slots].map(async ({ tensor }) => Float32Array.from(await tensor.data()));
      const state = await Promise.all(values);
      steps!.tensor.dispose();
      return state;
    },
    restore: async (state, variables) => {
      const tensors = state.map((data, i) =>
        i === 0
          ? tf.scalar(data[0]!, 'int32')
          : tf.tensor(data.slice(), [...variables[(i - 1) % variables.length]!.shape]),
      );
      await optimizer.setWeights(tensors.map((tensor, i) => ({ name: `state_${i}`, tensor })));
      tf.dispose(tensors);
      restored?.(optimizer, state[0]![0]!);
    },
    dispose: () => {
      optimizer.dispose();
      disposed?.(optimizer);
    },
  };
}

/** Adam and RMSprop read this field at every step but offer no way to set it. */
export function assignLearningRate(optimizer: tfjs.Optimizer, learningRate: number): void {
  (optimizer as unknown as { learningRate: number }).learningRate = learningRate;
}
