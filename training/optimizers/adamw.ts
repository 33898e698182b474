/**
 * AdamW: Adam with weight decay that is decoupled from the moments (Loshchilov & Hutter, 2019, algorithm 2).
 */
import * as z from 'zod';
import { mul, sub } from '../graph/ops/arithmetic.ts';
import { scalar } from '../graph/value.ts';
import { AdamConfig, adamStep, tfjsAdam } from './adam.ts';
import type { OptimizerDefinition } from './optimizer.ts';

const Config = AdamConfig.extend({
  weightDecay: z
    .number()
    .min(0)
    .max(1)
    .describe('a step decays every parameter by learning rate x this share, as in PyTorch')
    .default(0.01),
});

export const adamw: OptimizerDefinition<typeof Config> = {
  summary: 'Adam with weight decay decoupled from the moments (Loshchilov & Hutter, 2019)',
  config: Config,
  create: ({ weightDecay, ...config }) => ({
    learningRate: () => config.learningRate,
    update: (parameters, gradients, learningRate) => {
      const { state, changes } = adamStep(config, parameters, gradients, learningRate);
      const kept = sub(scalar(1), mul(learningRate, scalar(weightDecay)));
      const next = parameters.map((each, i) => [each, sub(mul(each, kept), changes[i]!)] as const);
      return new Map([...state, ...next]);
    },
    // TensorFlow.js has no AdamW. Its Adam runs after the decay, since Adam's change does not depend on the
    // weights.
    tfjs: (tf) => {
      const rule = tfjsAdam(tf, config);
      return {
        ...rule,
        apply: (variables, gradients, learningRate) => {
          const kept = 1 - learningRate * weightDecay;
          tf.tidy(() => {
            for (const variable of variables) variable.assign(tf.mul(variable, kept));
          });
          rule.apply(variables, gradients, learningRate);
        },
      };
    },
  }),
};
