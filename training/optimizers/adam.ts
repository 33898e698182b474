/** Adam (Kingma & Ba, 2015, algorithm 1 in the reordered form of section 2). */
import type * as tfjs from '@tensorflow/tfjs-core';
import * as z from 'zod';
import { tanh } from '../graph/ops/activations.ts';
import { add, div, mul, sub } from '../graph/ops/arithmetic.ts';
import { sqrt, square } from '../graph/ops/powers.ts';
import type { Tfjs, Value, Variable } from '../graph/types.ts';
import { scalar, variable } from '../graph/value.ts';
import { learningRate, type OptimizerDefinition, type TfjsRule } from './optimizer.ts';
import { slot } from './slot.ts';
import { assignLearningRate, tfjsRule } from './tfjsRule.ts';

export const AdamConfig = z.strictObject({
  learningRate: learningRate(10).default(1e-3),
  beta1: z
    .number()
    .min(0)
    .lt(1)
    .describe('share of the first moment, the mean gradient, that a step keeps')
    .default(0.9),
  beta2: z
    .number()
    .min(0)
    .lt(1)
    .describe('share of the second moment, the mean squared gradient, that a step keeps')
    .default(0.999),
  epsilon: z.number().positive().describe('added to the root of the second moment').default(1e-7),
});

type MomentSettings = Pick<z.output<typeof AdamConfig>, 'beta1' | 'beta2' | 'epsilon'>;

export const adam: OptimizerDefinition<typeof AdamConfig> = {
  summary: 'gradients over their running magnitude, with momentum (Kingma & Ba, 2015)',
  config: AdamConfig,
  create: (config) => ({
    learningRate: () => config.learningRate,
    update: (parameters, gradients, learningRate) => {
      const { state, changes } = adamStep(config, parameters, gradients, learningRate);
      return new Map([...state, ...parameters.map((each, i) => [each, sub(each, changes[i]!)] as const)]);
    },
    tfjs: (tf) => tfjsAdam(tf, config),
  }),
};

/** Returns the new state after a step, and the change to subtract from each parameter. */
export function adamStep(
  { beta1, beta2, epsilon }: MomentSettings,
  parameters: readonly Variable[],
  gradients: readonly Value[],
  learningRate: Value,
): { readonly state: ReadonlyMap<Variable, Value>; readonly changes: readonly Value[] } {
  const step = variable('adam/step', [], Float32Array.of(0));
  const next = add(step, scalar(1));
  // The moments are stored without their factors 1 - beta (m = (1 - beta1) M, v = (1 - beta2) V), which saves
  // two passes over every weight. The factors, the bias corrections and the learning rate are combined as
  // scalars.
  const scaleM = div(scalar(1 - beta1), biasCorrection(beta1, next));
  const scaleV = sqrt(div(scalar(1 - beta2), biasCorrection(beta2, next)));
  const rate = div(mul(learningRate, scaleM), scaleV);
  const epsilonHat = div(scalar(epsilon), scaleV);
  const state = new Map<Variable, Value>([[step, next]]);
  const changes = parameters.map((parameter, i) => {
    const gradient = gradients[i]!;
    const m = slot('adam', 'm', parameter);
    const v = slot('adam', 'v', parameter);
    const newM = add(mul(m, scalar(beta1)), gradient);
    const newV = add(mul(v, scalar(beta2)), square(gradient));
    state.set(m, newM).set(v, newV);
    return mul(rate, div(newM, add(sqrt(newV), epsilonHat)));
  });
  return { state, changes };
}

/** Creates Adam in TensorFlow.js. */
export function tfjsAdam(tf: Tfjs, { beta1, beta2, epsilon }: MomentSettings): TfjsRule {
  return tfjsRule(tf, tf.train.adam(0, beta1, beta2, epsilon), {
    setLearningRate: assignLearningRate,
    // `setWeights` computes the powers of beta with `pow`, which differs from step-by-step products in the
    // last digits.
    restored: (optimizer, steps) => {
      const { accBeta1, accBeta2 } = optimizer as unknown as Record<'accBeta1' | 'accBeta2', tfjs.Variable>;
      for (const [power, beta] of [[accBeta1, beta1] as const, [accBeta2, beta2] as const]) {
        const factor = Math.fround(beta);
        let product = factor;
        for (let step = 0; step < steps; step++) product = Math.fround(product * factor);
        tf.tidy(() => power.assign(tf.scalar(product)));
      }
    },
  });
}

/**
 * Returns 1 - beta^t for the step count t. Uses 1 - exp(-2u) = 2 tanh(u) / (1 + tanh(u)), because subtracting
 * a power close to 1 would lose half of float32's digits in the first steps.
 */
function biasCorrection(beta: number, t: Value): Value {
  const u = tanh(mul(t, scalar(-Math.log(beta) / 2)));
  return div(mul(scalar(2), u), add(scalar(1), u));
}
