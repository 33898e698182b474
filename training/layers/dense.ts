/** The fully connected layer. */
import { random } from '../../shared/random.ts';
import { gemm } from '../graph/ops/gemm.ts';
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
}

/** activation(x W + b): float32 `[N, inputs]` to `[N, units]`. */
export function dense({ name, inputs, units, activation, seed }: DenseOptions): Layer {
  const initial = glorotUniform(inputs, units, random(seed, `${name}/weight`));
  const weight = variable(`${name}/weight`, [inputs, units], initial);
  const bias = variable(`${name}/bias`, [units], new Float32Array(units));
  return (x) => ACTIVATIONS[activation](gemm(x, weight, { bias }));
}
