/**
 * RMSprop (Tieleman & Hinton, 2012) as in TensorFlow: epsilon under the root, the learning rate in the
 * momentum.
 */
import * as z from 'zod';
import { add, div, mul, sub } from '../graph/ops/arithmetic.ts';
import { sqrt, square } from '../graph/ops/powers.ts';
import type { Value, Variable } from '../graph/types.ts';
import { scalar } from '../graph/value.ts';
import { learningRate, type OptimizerDefinition } from './optimizer.ts';
import { slot } from './slot.ts';
import { assignLearningRate, tfjsRule } from './tfjsRule.ts';

const Config = z.strictObject({
  learningRate: learningRate(10).default(1e-3),
  decay: z
    .number()
    .min(0)
    .lt(1)
    .describe('share of the mean squared gradient that a step keeps')
    .default(0.9),
  momentum: z.number().min(0).lt(1).describe('share of the previous change that a step repeats').default(0),
  epsilon: z
    .number()
    .positive()
    .describe('added to the mean squared gradient before its root is taken')
    .default(1e-7),
});

export const rmsprop: OptimizerDefinition<typeof Config> = {
  summary: 'gradients over their running magnitude (Tieleman & Hinton, 2012)',
  config: Config,
  create: ({ learningRate: initial, decay, momentum, epsilon }) => ({
    learningRate: () => initial,
    update: (parameters, gradients, learningRate) => {
      // The mean square is stored without its factor 1 - decay, which is combined with the learning rate and
      // epsilon.
      const rate = div(learningRate, scalar(Math.sqrt(1 - decay)));
      const epsilonHat = scalar(epsilon / (1 - decay));
      const updates = new Map<Variable, Value>();
      parameters.forEach((parameter, i) => {
        const gradient = gradients[i]!;
        const squares = slot('rmsprop', 'squares', parameter);
        const newSquares = add(mul(squares, scalar(decay)), square(gradient));
        updates.set(squares, newSquares);
        let change = mul(rate, div(gradient, sqrt(add(newSquares, epsilonHat))));
        if (momentum > 0) {
          const last = slot('rmsprop', 'change', parameter);
          change = add(mul(last, scalar(momentum)), change);
          updates.set(last, change);
        }
        updates.set(parameter, sub(parameter, change));
      });
      return updates;
    },
    tfjs: (tf) =>
      tfjsRule(tf, tf.train.rmsprop(initial, decay, momentum, epsilon), {
        setLearningRate: assignLearningRate,
      }),
  }),
};
