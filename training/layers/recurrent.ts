/** Recurrent layers: LSTM and GRU. */
import { mul } from '../graph/ops/arithmetic.ts';
import { CELLS, type CellName } from '../graph/ops/cells.ts';
import { gemm } from '../graph/ops/gemm.ts';
import { applyRecurrent } from '../graph/ops/recurrent.ts';
import { reshape } from '../graph/ops/reshape.ts';
import { unsqueeze } from '../graph/ops/squeeze.ts';
import { unroll } from '../graph/ops/unroll.ts';
import type { Value } from '../graph/types.ts';
import { constant, variable } from '../graph/value.ts';
import { initialWeight } from './initializers.ts';
import type { Context } from './layer.ts';
import { orthogonalWeight } from './orthogonal.ts';

export interface RecurrentOptions {
  /** Prefix of the variables' names; also selects the random numbers that initialise them. */
  readonly name: string;
  readonly cell: CellName;
  /** Width of a step of the sequence. */
  readonly inputs: number;
  /** Width of the hidden state. */
  readonly units: number;
  /**
   * Seed of the initial weights: Glorot uniform for the input, orthogonal for the state. Biases start as the
   * cell defines.
   */
  readonly seed: number;
}

export interface HiddenStates {
  /** All hidden states, `[steps, N, units]`. */
  readonly hidden: Value;
  /** The last hidden state, `[N, units]`. */
  readonly last: Value;
}

export interface RecurrentLayer {
  /** Runs along a sequence, float32 `[steps, N, inputs]`. */
  readonly over: (sequence: Value, context: Context) => HiddenStates;
  /** Runs along a sequence whose steps all equal `x`, float32 `[N, inputs]`. */
  readonly repeating: (x: Value, steps: number, context: Context) => HiddenStates;
}

/**
 * An LSTM or GRU: in training a loop that keeps what its gradient needs, in evaluation ONNX's own operator.
 */
export function recurrent({ name, cell: cellName, inputs, units, seed }: RecurrentOptions): RecurrentLayer {
  const cell = CELLS[cellName];
  const wide = cell.gates * units;
  const inputWeight = initialWeight(`${name}/weight`, [inputs, wide], {
    initializer: 'glorot',
    fanIn: inputs,
    fanOut: wide,
    seed,
  });
  const weight = orthogonalWeight(`${name}/recurrent_weight`, [units, wide], seed);
  const initialBias = Float32Array.from({ length: wide }, (_, i) => cell.initialBias[Math.floor(i / units)]!);
  const bias = variable(`${name}/bias`, [wide], initialBias);
  const biases = Array.from({ length: cell.biasCount }, () =>
    variable(`${name}/recurrent_bias`, [wide], new Float32Array(wide)),
  );
  const unrolled = (projected: Value, steps?: number): HiddenStates => {
    const repeated = steps === undefined ? {} : { steps };
    const { hidden, states } = unroll(cell, { projected, weight, biases, differentiable: true, ...repeated });
    return { hidden, last: states[0]! };
  };
  const native = (sequence: Value) =>
    applyRecurrent(cellName, sequence, { inputWeight, bias, weight, biases });
  return {
    over: (sequence, { training }) => {
      if (!training) return native(sequence);
      const projected = gemm(reshape(sequence, [-1, inputs]), inputWeight, { bias });
      return unrolled(reshape(projected, [sequence.shape[0] as number, -1, wide]));
    },
    repeating: (x, steps, { training }) => {
      if (training) return unrolled(gemm(x, inputWeight, { bias }), steps);
      const ones = constant({
        dtype: 'float32',
        shape: [steps, 1, 1],
        data: new Float32Array(steps).fill(1),
      });
      return native(mul(unsqueeze(x, [0]), ones));
    },
  };
}
