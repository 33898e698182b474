/** The fully connected layer. */
import { random } from '../../shared/random.ts';
import { gemm } from '../graph/ops/gemm.ts';
import type { Variable } from '../graph/types.ts';
import { variable } from '../graph/value.ts';
import { ACTIVATIONS, type Activation } from './activations.ts';
import { glorotUniform } from './initializers.ts';
import type { Layer } from './layer.ts';

export interface DenseOptions {
  /** Prefix of the variables' names, and the stream that initialises them. */
  readonly name: string;
  readonly inputs: number;
  readonly units: number;
  readonly activation: Activation;
  /** Seed of the initial weights (Glorot uniform; biases start at 0). */
  readonly seed: number;
  /** The weight of another layer, `[units, inputs]`, to use transposed instead of an own one. */
  readonly tiedTo?: Variable;
}

/** A dense layer, with its weight `[inputs, units]` for whoever wants to tie another layer to it. */
export interface Dense {
  readonly layer: Layer;
  readonly weight: Variable;
}

/** activation(x W + b): float32 `[N, inputs]` to `[N, units]`. */
export function dense({ name, inputs, units, activation, seed, tiedTo }: DenseOptions): Dense {
  const weight = tiedTo ?? freshWeight(name, inputs, units, seed);
  const bias = variable(`${name}/bias`, [units], new Float32Array(units));
  const transB = tiedTo !== undefined;
  return { weight, layer: (x) => ACTIVATIONS[activation](gemm(x, weight, { bias, transB })) };
}

function freshWeight(name: string, inputs: number, units: number, seed: number): Variable {
  const initial = glorotUniform(inputs, units, random(seed, `${name}/weight`));
  return variable(`${name}/weight`, [inputs, units], initial);
}
