/**
 * Stochastic gradient descent with momentum and Nesterov's look-ahead (Sutskever et al., 2013), as in
 * PyTorch.
 */
import type * as tfjs from '@tensorflow/tfjs-core';
import * as z from 'zod';
import { add, mul, sub } from '../graph/ops/arithmetic.ts';
import type { Value, Variable } from '../graph/types.ts';
import { scalar } from '../graph/value.ts';
import { learningRate, type OptimizerDefinition } from './optimizer.ts';
import { slot } from './slot.ts';
import { tfjsRule } from './tfjsRule.ts';

const Config = z
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
      .describe(
        'steps along the gradient plus the next velocity instead of the velocity alone; needs momentum',
      )
      .default(false),
  })
  .refine(({ momentum, nesterov }) => !nesterov || momentum > 0, {
    path: ['nesterov'],
    error: 'needs momentum above 0; set momentum',
  });

export const sgd: OptimizerDefinition<typeof Config> = {
  summary: "gradient descent with momentum or Nesterov's look-ahead (Sutskever et al., 2013)",
  config: Config,
  create: ({ learningRate: initial, momentum, nesterov }) => ({
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
        // Momentum's `dispose` does not free the tensor of the learning rate.
        disposed: (optimizer) => (optimizer as unknown as { c: tfjs.Tensor }).c.dispose(),
      });
    },
  }),
};
