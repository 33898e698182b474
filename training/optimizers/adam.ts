/** Adam (Kingma & Ba, 2015, algorithm 1 in the reordered form of section 2). */
import type * as tfjs from '@tensorflow/tfjs-core';
import * as z from 'zod';
import { tanh } from '../graph/ops/activations.ts';
import { add, div, mul, sub } from '../graph/ops/arithmetic.ts';
import { sqrt, square } from '../graph/ops/powers.ts';
import type { Tfjs, Value, Variable } from '../graph/types.ts';
import { scalar, variable } from '../graph/value.ts';
import { learningRate, type Optimizer, type TfjsRule } from './optimizer.ts';
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

type Moments = Pick<z.output<typeof AdamConfig>, 'beta1' | 'beta2' | 'epsilon'>;

export function adam(config: z.output<typeof AdamConfig>): Optimizer {
  return {
    learningRate: () => config.learningRate,
    update: (parameters, gradients, learningRate) => {
      const { state, changes } = adamStep(config, parameters, gradients, learningRate);
      return new Map([...state, ...parameters.map((each, i) => [each, sub(each, changes[i]!)] as const)]);
    },
    tfjs: (tf) => tfjsAdam(tf, config),
  };
}

/** The new state of a step, and what it takes from each parameter. */
export function adamStep(
  { beta1, beta2, epsilon }: Moments,
  parameters: readonly Variable[],
  gradients: readonly Value[],
  learningRate: Value,
): { readonly state: ReadonlyMap<Variable, Value>; readonly changes: readonly Value[] } {
  const step = variable('adam/step', [], Float32Array.of(0));
  const next = add(step, scalar(1));
  // The moments are kept without their factors 1 - beta (m = (1 - beta1) M, v = (1 - beta2) V), which saves two
  // passes over every weight; the factors, the bias corrections and the learning rate meet in scalars.
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

export function tfjsAdam(tf: Tfjs, { beta1, beta2, epsilon }: Moments): TfjsRule {
  return tfjsRule(tf, tf.train.adam(0, beta1, beta2, epsilon), {
    setLearningRate: assignLearningRate,
    // `setWeights` computes the powers of beta with `pow`, whose last digits are not those of multiplying step by step.
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
 * 1 - beta^t for the step count t. Written with tanh, since 1 - exp(-2u) = 2 tanh(u) / (1 + tanh(u)): subtracting a
 * power that is close to 1 would lose half of float32's digits in the first steps.
 */
function biasCorrection(beta: number, t: Value): Value {
  const u = tanh(mul(t, scalar(-Math.log(beta) / 2)));
  return div(mul(scalar(2), u), add(scalar(1), u));
}
