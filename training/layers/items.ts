/** The first layer of recommenders: dense over a row of items, each of which a user has or has not. */
import { relu } from '../graph/ops/activations.ts';
import { add, div, mul, sub } from '../graph/ops/arithmetic.ts';
import { reduceSum, reduceSumOp } from '../graph/ops/broadcast.ts';
import { gather } from '../graph/ops/gather.ts';
import { gemm } from '../graph/ops/gemm.ts';
import { sqrt, square } from '../graph/ops/powers.ts';
import { toFloat32, toInt64 } from '../graph/ops/shape.ts';
import { unsqueeze } from '../graph/ops/squeeze.ts';
import { step } from '../graph/ops/step.ts';
import type { Value } from '../graph/types.ts';
import { apply, scalar, variable } from '../graph/value.ts';
import { ACTIVATIONS, type Activation } from './activations.ts';
import { type InitializerName, initialWeight } from './initializers.ts';
import type { Context, Layer } from './layer.ts';

export interface ItemLayerOptions {
  /** Prefix of the variables' names, and the stream that initialises them. */
  readonly name: string;
  readonly items: number;
  readonly units: number;
  readonly activation: Activation;
  /** `glorot` where null. */
  readonly initializer: InitializerName | null;
  readonly seed: number;
  /** Share of the items that are left out while training, in [0, 1); the others count for so much more. */
  readonly dropout: number;
}

export interface ItemLayer {
  /** Rows `[N, items]` to `[N, units]`. */
  readonly ofRows: Layer;
  /** The same for rows of ones, given as the columns where they are: int64 `[N, L]`, each once, -1 for none. */
  readonly ofIds: (ids: Value) => Value;
}

/** Keeps the row of a user without items finite. */
const EPSILON = 1e-12;

/**
 * activation(x W / |x| + b): rows `[N, items]`, each scaled to length 1, to `[N, units]` (Liang et al., 2018, section 2.1).
 * The scaling is that of the product, which is narrower than the rows.
 */
export function itemLayer(options: ItemLayerOptions): ItemLayer {
  const { name, items, units, activation, initializer, seed, dropout } = options;
  const fans = { fanIn: items, fanOut: units };
  const weight = initialWeight(`${name}/weight`, [items, units], {
    ...fans,
    initializer: initializer ?? 'glorot',
    seed,
  });
  const bias = variable(`${name}/bias`, [units], new Float32Array(units));
  const finish = (product: Value, squaredLength: Value, kept: number) => {
    const scale = div(scalar(1 / kept), sqrt(add(squaredLength, scalar(EPSILON))));
    return ACTIVATIONS[activation](add(mul(product, scale), bias));
  };
  return {
    ofRows: (rows, context) => {
      const dropped = context.training && dropout > 0;
      const seen = dropped ? withoutSome(rows, dropout, context) : rows;
      return finish(gemm(seen, weight), sumOverRow(square(rows)), dropped ? 1 - dropout : 1);
    },
    // Instead of a product with a row that is nearly all zeros, the sum of as many rows of the weight as there are items.
    ofIds: (ids) => {
      const given = isId(ids);
      const picked = gather(weight, toInt64(relu(toFloat32(ids))), 0);
      return finish(reduceSum(mul(picked, unsqueeze(given, [2])), [1]), sumOverRow(given), 1);
    },
  };
}

/** 1 where `ids` is a number of an item, 0 where it is -1. */
export function isId(ids: Value): Value {
  return step(add(toFloat32(ids), scalar(0.5)));
}

function withoutSome(rows: Value, share: number, context: Context): Value {
  return mul(rows, step(sub(context.noise('dropout', rows.shape, 'uniform'), scalar(share))));
}

/** `[N, 1]` */
function sumOverRow(x: Value): Value {
  return apply(reduceSumOp, [x], { axes: [1], keepdims: 1 });
}
