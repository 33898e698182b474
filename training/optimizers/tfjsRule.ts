/** Adapts TensorFlow.js's optimizers to update rules whose learning rate and state can be set. */
import type * as tfjs from '@tensorflow/tfjs-core';
import type { Tfjs } from '../graph/types.ts';
import type { TfjsRule } from './optimizer.ts';

interface TfjsRuleOptions<Own extends tfjs.Optimizer> {
  readonly setLearningRate: (optimizer: Own, learningRate: number) => void;
  /** Restores, after `steps` steps, state that the optimizer's `setWeights` omits or only approximates. */
  readonly restored?: (optimizer: Own, steps: number) => void;
  /** Frees tensors that the optimizer's `dispose` misses. */
  readonly disposed?: (optimizer: Own) => void;
}

/**
 * Wraps an optimizer of TensorFlow.js. Its state is the result of `getWeights`: the number of steps, then one
 * or several sequences of tensors in the order and the shapes of the parameters.
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

/** Sets a field that Adam and RMSprop read at every step, but provide no setter for. */
export function assignLearningRate(optimizer: tfjs.Optimizer, learningRate: number): void {
  (optimizer as unknown as { learningRate: number }).learningRate = learningRate;
}
