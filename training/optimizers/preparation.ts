/**
 * Preparation of gradients for an update rule: clipping and L2 decay, as graph nodes, for every optimizer.
 */
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
    .describe('limit of the magnitude of every gradient value; larger values are clipped; null: no limit')
    .default(null),
  clipNorm: z
    .number()
    .positive()
    .nullable()
    .describe(
      'limit of the Euclidean norm of all gradients together; larger gradients are scaled down; null: no limit',
    )
    .default(null),
  /** Equivalent to a penalty of l2 / 2 times the squared parameters. */
  l2: z
    .number()
    .min(0)
    .max(10)
    .describe('factor of the parameter that is added to its gradient, after clipping')
    .default(0),
});

type GradientTransform = (gradients: readonly Value[], parameters: readonly Variable[]) => readonly Value[];

/** Returns `optimizer` with the configured preparation. Disabled settings add no nodes. */
export function withPreparation(optimizer: Optimizer, config: z.output<typeof PreparationConfig>): Optimizer {
  const { clipValue, clipNorm, l2 } = config;
  const transforms: GradientTransform[] = [
    ...(clipValue === null ? [] : [clipByValue(clipValue)]),
    ...(clipNorm === null ? [] : [clipByNorm(clipNorm)]),
    ...(l2 === 0 ? [] : [addDecay(l2)]),
  ];
  if (transforms.length === 0) return optimizer;
  return {
    ...optimizer,
    prepare: (parameters, gradients) =>
      transforms.reduce((prepared, transform) => transform(prepared, parameters), gradients),
  };
}

function clipByValue(limit: number): GradientTransform {
  return (gradients) => gradients.map((gradient) => clip(gradient, { min: -limit, max: limit }));
}

/** Scales all gradients by one factor, like `torch.nn.utils.clip_grad_norm_` and `tf.clip_by_global_norm`. */
function clipByNorm(limit: number): GradientTransform {
  return (gradients) => {
    const squares = gradients.map((gradient) => reduceSum(square(gradient)));
    // limit / max(norm, limit) is exactly 1 for norms up to the limit.
    const factor = div(scalar(limit), clip(sqrt(squares.reduce(add)), { min: limit }));
    return gradients.map((gradient) => mul(gradient, factor));
  };
}

function addDecay(l2: number): GradientTransform {
  return (gradients, parameters) =>
    gradients.map((gradient, i) => add(gradient, mul(parameters[i]!, scalar(l2))));
}
