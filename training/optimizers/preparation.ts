/** What gradients go through before an update rule: clipping and L2 decay, as graph nodes, for every optimizer. */
import * as z from 'zod';
import { add, div, mul } from '../graph/ops/arithmetic.ts';
import { reduceSum } from '../graph/ops/broadcast.ts';
import { clip } from '../graph/ops/clip.ts';
import { sqrt, square } from '../graph/ops/powers.ts';
import type { Value, Variable } from '../graph/types.ts';
import { scalar } from '../graph/value.ts';
import type { Optimizer } from './optimizer.ts';

export const PreparationConfig = z.strictObject({
  clipValue: z
    .number()
    .positive()
    .nullable()
    .describe("largest magnitude of a gradient's values; larger ones are cut to it")
    .default(null),
  clipNorm: z
    .number()
    .positive()
    .nullable()
    .describe('largest Euclidean norm of all gradients together; longer ones are scaled down to it')
    .default(null),
  /** The decay that a penalty on the squares gives. */
  l2: z
    .number()
    .min(0)
    .max(10)
    .describe('adds this times the parameter to its gradient, after clipping')
    .default(0),
});

type Gradients = readonly Value[];
type Step = (gradients: Gradients, parameters: readonly Variable[]) => Gradients;

/** `optimizer` with what the settings ask for in front of its rule; what they leave out adds no node. */
export function withPreparation(optimizer: Optimizer, config: z.output<typeof PreparationConfig>): Optimizer {
  const { clipValue, clipNorm, l2 } = config;
  const steps: Step[] = [
    ...(clipValue === null ? [] : [clippedByValue(clipValue)]),
    ...(clipNorm === null ? [] : [clippedByNorm(clipNorm)]),
    ...(l2 === 0 ? [] : [decayed(l2)]),
  ];
  if (steps.length === 0) return optimizer;
  return {
    ...optimizer,
    prepare: (parameters, gradients) => steps.reduce((values, step) => step(values, parameters), gradients),
  };
}

function clippedByValue(limit: number): Step {
  return (gradients) => gradients.map((gradient) => clip(gradient, { min: -limit, max: limit }));
}

/** As `torch.nn.utils.clip_grad_norm_` and `tf.clip_by_global_norm`: one factor for all gradients. */
function clippedByNorm(limit: number): Step {
  return (gradients) => {
    const squares = gradients.map((gradient) => reduceSum(square(gradient)));
    // limit / max(norm, limit): exactly 1 up to the limit.
    const factor = div(scalar(limit), clip(sqrt(squares.reduce(add)), { min: limit }));
    return gradients.map((gradient) => mul(gradient, factor));
  };
}

function decayed(l2: number): Step {
  return (gradients, parameters) =>
    gradients.map((gradient, i) => add(gradient, mul(parameters[i]!, scalar(l2))));
}
