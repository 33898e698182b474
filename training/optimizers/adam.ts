/** Adam (Kingma & Ba, 2015, algorithm 1 in the reordered form of section 2). */
import * as z from 'zod';
import { tanh } from '../graph/ops/activations.ts';
import { add, div, mul, sub } from '../graph/ops/arithmetic.ts';
import { sqrt, square } from '../graph/ops/powers.ts';
import type { Value, Variable } from '../graph/types.ts';
import { scalar, variable } from '../graph/value.ts';
import type { Optimizer } from './optimizer.ts';

export const AdamConfig = z.strictObject({
  learningRate: z.number().positive().max(10).default(1e-3),
  beta1: z.number().min(0).lt(1).default(0.9),
  beta2: z.number().min(0).lt(1).default(0.999),
  epsilon: z.number().positive().default(1e-7),
});

export function adam(config: z.output<typeof AdamConfig>): Optimizer {
  const { learningRate, beta1, beta2, epsilon } = config;
  return {
    update: (parameters, gradients) => {
      const step = variable('adam/step', [], Float32Array.of(0));
      const next = add(step, scalar(1));
      const correction2 = sqrt(biasCorrection(beta2, next));
      const rate = div(mul(scalar(learningRate), correction2), biasCorrection(beta1, next));
      const epsilonHat = mul(scalar(epsilon), correction2);
      const updates = new Map<Variable, Value>([[step, next]]);
      parameters.forEach((parameter, i) => {
        const gradient = gradients[i]!;
        const m = slot(parameter, 'm');
        const v = slot(parameter, 'v');
        const newM = average(m, gradient, beta1);
        const newV = average(v, square(gradient), beta2);
        updates.set(m, newM).set(v, newV);
        updates.set(parameter, sub(parameter, div(mul(rate, newM), add(sqrt(newV), epsilonHat))));
      });
      return updates;
    },
    tfjs: (tf) => tf.train.adam(learningRate, beta1, beta2, epsilon),
  };
}

/**
 * 1 - beta^t for the step count t. Written with tanh, since 1 - exp(-2u) = 2 tanh(u) / (1 + tanh(u)): subtracting a
 * power that is close to 1 would lose half of float32's digits in the first steps.
 */
function biasCorrection(beta: number, t: Value): Value {
  const u = tanh(mul(t, scalar(-Math.log(beta) / 2)));
  return div(mul(scalar(2), u), add(scalar(1), u));
}

/** beta old + (1 - beta) sample */
function average(old: Value, sample: Value, beta: number): Value {
  return add(mul(old, scalar(beta)), mul(sample, scalar(1 - beta)));
}

function slot(parameter: Variable, name: string): Variable {
  const zeros = new Float32Array(parameter.initial.length);
  return variable(`adam/${name}/${parameter.name}`, parameter.shape, zeros);
}
