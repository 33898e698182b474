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
      // The moments are kept without their factors 1 - beta (m = (1 - beta1) M, v = (1 - beta2) V), which saves two
      // passes over every weight; the factors, the bias corrections and the learning rate meet in scalars.
      const scaleM = div(scalar(1 - beta1), biasCorrection(beta1, next));
      const scaleV = sqrt(div(scalar(1 - beta2), biasCorrection(beta2, next)));
      const rate = div(mul(scalar(learningRate), scaleM), scaleV);
      const epsilonHat = div(scalar(epsilon), scaleV);
      const updates = new Map<Variable, Value>([[step, next]]);
      parameters.forEach((parameter, i) => {
        const gradient = gradients[i]!;
        const m = slot(parameter, 'm');
        const v = slot(parameter, 'v');
        const newM = add(mul(m, scalar(beta1)), gradient);
        const newV = add(mul(v, scalar(beta2)), square(gradient));
        const change = mul(rate, div(newM, add(sqrt(newV), epsilonHat)));
        updates.set(m, newM).set(v, newV).set(parameter, sub(parameter, change));
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

function slot(parameter: Variable, name: string): Variable {
  const zeros = new Float32Array(parameter.initial.length);
  return variable(`adam/${name}/${parameter.name}`, parameter.shape, zeros);
}
