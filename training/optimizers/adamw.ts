/** AdamW: Adam with weight decay that the moments do not see (Loshchilov & Hutter, 2019, algorithm 2). */
import * as z from 'zod';
import { mul, sub } from '../graph/ops/arithmetic.ts';
import { scalar } from '../graph/value.ts';
import { AdamConfig, adamStep, tfjsAdam } from './adam.ts';
import type { Optimizer } from './optimizer.ts';

export const AdamWConfig = AdamConfig.extend({
  weightDecay: z
    .number()
    .min(0)
    .max(1)
    .describe('a step takes learning rate x this share from every parameter, as in PyTorch')
    .default(0.01),
});

export function adamw(config: z.output<typeof AdamWConfig>): Optimizer {
  const { weightDecay } = config;
  return {
    learningRate: () => config.learningRate,
    update: (parameters, gradients, learningRate) => {
      const { state, changes } = adamStep(config, parameters, gradients, learningRate);
      const kept = sub(scalar(1), mul(learningRate, scalar(weightDecay)));
      const next = parameters.map((each, i) => [each, sub(mul(each, kept), changes[i]!)] as const);
      return new Map([...state, ...next]);
    },
    // TensorFlow.js has no AdamW: its Adam, after the decay. Adam's own change does not depend on the weights.
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
  };
}
