/** Stochastic gradient descent, with momentum and Nesterov's look-ahead (Sutskever et al., 2013, as PyTorch has it). */
import type * as tfjs from '@tensorflow/tfjs-core';
import * as z from 'zod';
import { add, mul, sub } from '../graph/ops/arithmetic.ts';
import type { Value, Variable } from '../graph/types.ts';
import { scalar } from '../graph/value.ts';
import { learningRate, type Optimizer } from './optimizer.ts';
import { slot } from './slot.ts';
import { tfjsRule } from './tfjsRule.ts';

export const SgdConfig = z
  .strictObject({
    learningRate: learningRate(1000).default(0.01),
    momentum: z
      .number()
      .min(0)
      .lt(1)
      .describe('share of the velocity that a step keeps; 0 is plain gradient descent')
      .default(0.9),
    nesterov: z
      .boolean()
      .describe('step along the gradient and the velocity that follows from it, not the velocity alone')
      .default(false),
  })
  .refine(({ momentum, nesterov }) => !nesterov || momentum > 0, {
    path: ['nesterov'],
    error: 'looks ahead along the momentum, which is 0: set momentum',
  });

export function sgd({ learningRate: initial, momentum, nesterov }: z.output<typeof SgdConfig>): Optimizer {
  return {
    learningRate: () => initial,
    update: (parameters, gradients, learningRate) => {
      const updates = new Map<Variable, Value>();
      parameters.forEach((parameter, i) => {
        const gradient = gradients[i]!;
        let direction = gradient;
        if (momentum > 0) {
          const velocity = slot('sgd', 'velocity', parameter);
          const next = add(mul(velocity, scalar(momentum)), gradient);
          updates.set(velocity, next);
          direction = nesterov ? add(gradient, mul(next, scalar(momentum))) : next;
        }
        updates.set(parameter, sub(parameter, mul(learningRate, direction)));
      });
      return updates;
    },
    tfjs: (tf) => {
      const own = momentum > 0 ? tf.train.momentum(initial, momentum, nesterov) : tf.train.sgd(initial);
      return tfjsRule<tfjs.SGDOptimizer>(tf, own, {
        setLearningRate: (optimizer, learningRate) => optimizer.setLearningRate(learningRate),
        // Momentum's `dispose` forgets the tensor that holds the learning rate.
        disposed: (optimizer) => (optimizer as unknown as { c: tfjs.Tensor }).c.dispose(),
      });
    },
  };
}
