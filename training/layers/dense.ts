/** The fully connected layer. */
import { mul } from '../graph/ops/arithmetic.ts';
import { gemm } from '../graph/ops/gemm.ts';
import { unsqueeze } from '../graph/ops/squeeze.ts';
import type { Variable } from '../graph/types.ts';
import { initialWeight } from './initializers.ts';
import type { Layer } from './layer.ts';
import { type LinearOptions, linearLayer } from './linear.ts';
import type { LinearMap } from './normalization.ts';

/** Options of a dense layer. The initializer is `glorot` by default. */
export interface DenseOptions extends LinearOptions {
  readonly inputs: number;
  readonly units: number;
  /** The weight `[units, inputs]` of another layer, used transposed instead of an own weight. */
  readonly tiedTo?: Variable;
}

/** A dense layer, with its weight `[inputs, units]` for tying another layer to it. */
export interface DenseLayer {
  readonly layer: Layer;
  readonly weight: Variable;
}

/** activation(normalization(x W + b)): float32 `[N, inputs]` to `[N, units]`. */
export function dense(options: DenseOptions): DenseLayer {
  const weight = options.tiedTo ?? freshWeight(options);
  const transB = options.tiedTo !== undefined;
  const map: LinearMap = (x, { scale, ...bias }) => {
    const scaled = scale === undefined ? weight : mul(weight, transB ? unsqueeze(scale, [1]) : scale);
    return gemm(x, scaled, { ...bias, transB });
  };
  return { weight, layer: linearLayer(map, options.units, options) };
}

function freshWeight({ name, inputs, units, initializer, seed }: DenseOptions): Variable {
  return initialWeight(`${name}/weight`, [inputs, units], {
    initializer: initializer ?? 'glorot',
    fanIn: inputs,
    fanOut: units,
    seed,
  });
}
