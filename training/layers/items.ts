/** The first layer of recommenders: dense over rows of items, with 1 for each item that a user has. */
import { relu } from '../graph/ops/activations.ts';
import { add, div, mul, sub } from '../graph/ops/arithmetic.ts';
import { reduceSum, reduceSumOp } from '../graph/ops/broadcast.ts';
import { gather } from '../graph/ops/gather.ts';
import { gemm } from '../graph/ops/gemm.ts';
import { sqrt, square } from '../graph/ops/powers.ts';
import { toFloat32, toInt64 } from '../graph/ops/shape.ts';
import { unsqueeze } from '../graph/ops/squeeze.ts';
import { step } from '../graph/ops/step.ts';
import { transpose } from '../graph/ops/transpose.ts';
import type { Value } from '../graph/types.ts';
import { apply, scalar, variable } from '../graph/value.ts';
import { ACTIVATIONS, type Activation } from './activations.ts';
import { type InitializerName, initialWeight } from './initializers.ts';
import type { Context, Layer } from './layer.ts';

export interface ItemLayerOptions {
  /** Prefix of the variables' names; also selects the random numbers that initialise them. */
  readonly name: string;
  readonly items: number;
  readonly units: number;
  readonly activation: Activation;
  /** null is `glorot`. */
  readonly initializer: InitializerName | null;
  readonly seed: number;
  /**
   * Share of the items that training leaves out, in [0, 1); the others are scaled up to preserve the mean.
   */
  readonly dropout: number;
}

export interface ItemLayer {
  /** Maps rows `[N, items]` to `[N, units]`. */
  readonly ofRows: Layer;
  /**
   * Maps rows of ones, given by their columns: int64 `[N, L]` without duplicates, filled up with -1, to
   * `[N, units]`.
   */
  readonly ofIds: (ids: Value) => Value;
}

/** Keeps the output for a user without items finite. */
const EPSILON = 1e-12;

/**
 * activation(x W / |x| + b): maps rows `[N, items]`, each scaled to length 1, to `[N, units]` (Liang et al.,
 * 2018, section 2.1). Scales the product instead of the rows, because it is narrower.
 */
export function itemLayer(options: ItemLayerOptions): ItemLayer {
  const { name, items, units, activation, initializer, seed, dropout } = options;
  // One row per unit, because the gradient is then a faster product: tall matrix times wide matrix.
  const weight = initialWeight(`${name}/weight`, [units, items], {
    fanIn: items,
    fanOut: units,
    initializer: initializer ?? 'glorot',
    seed,
  });
  // Export folds the transpose into a constant.
  const perItem = transpose(weight, [1, 0]);
  const bias = variable(`${name}/bias`, [units], new Float32Array(units));
  const finish = (product: Value, squaredLength: Value, kept: number) => {
    const scale = div(scalar(1 / kept), sqrt(add(squaredLength, scalar(EPSILON))));
    return ACTIVATIONS[activation].apply(add(mul(product, scale), bias));
  };
  return {
    ofRows: (rows, context) => {
      const dropped = context.training && dropout > 0;
      const seen = dropped ? dropItems(rows, dropout, context) : rows;
      const product = context.training ? gemm(seen, weight, { transB: true }) : gemm(seen, perItem);
      return finish(product, sumOverRow(square(rows)), dropped ? 1 - dropout : 1);
    },
    // Sums one row of the weight per item, instead of multiplying by a row that is nearly all zeros.
    ofIds: (ids) => {
      const given = isId(ids);
      const picked = gather(perItem, toInt64(relu(toFloat32(ids))), 0);
      return finish(reduceSum(mul(picked, unsqueeze(given, [2])), [1]), sumOverRow(given), 1);
    },
  };
}

/** Returns 1 where `ids` is the id of an item, and 0 where it is -1. */
export function isId(ids: Value): Value {
  return step(add(toFloat32(ids), scalar(0.5)));
}

function dropItems(rows: Value, share: number, context: Context): Value {
  return mul(rows, step(sub(context.noise('dropout', rows.shape, 'uniform'), scalar(share))));
}

/** Sums each row of `[N, width]` to `[N, 1]`. */
function sumOverRow(x: Value): Value {
  return apply(reduceSumOp, [x], { axes: [1], keepdims: 1 });
}
