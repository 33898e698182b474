/**
 * The formulas of recurrent cells, with gates in ONNX's order. `units` is the width of the hidden state. A
 * cell receives its input already multiplied by the input weights, with bias: `[N, gates * units]`.
 */
import type { Value } from '../types.ts';
import { sigmoid, tanh } from './activations.ts';
import { add, mul, sub } from './arithmetic.ts';
import { split } from './concat.ts';
import { gemm } from './gemm.ts';

export interface RecurrentCell {
  readonly gates: number;
  /** Initial bias of each gate. */
  readonly initialBias: readonly number[];
  /** Number of states `[N, units]`; the first is the hidden state. */
  readonly stateCount: number;
  /** Number of biases `[gates * units]` in addition to the input bias. */
  readonly biasCount: number;
  /** Computes the states of the next step. */
  readonly next: (parts: CellParts) => readonly Value[];
}

export interface CellParts {
  readonly projected: Value;
  readonly states: readonly Value[];
  /** `[units, gates * units]` */
  readonly weight: Value;
  readonly biases: readonly Value[];
}

/**
 * Hochreiter & Schmidhuber, 1997, with the forget gate of Gers et al., 2000; gates: input, output, forget,
 * cell.
 */
const lstm: RecurrentCell = {
  gates: 4,
  // A forget gate that starts open lets gradients pass (Jozefowicz et al., 2015).
  initialBias: [0, 0, 1, 0],
  stateCount: 2,
  biasCount: 0,
  next: ({ projected, states: [hidden, cell], weight }) => {
    const units = hidden!.shape[1] as number;
    const [gates, candidate] = split(gemm(hidden!, weight, { bias: projected }), [3 * units, units], 1);
    const [input, output, forget] = split(sigmoid(gates!), [units, units, units], 1);
    const next = add(mul(forget!, cell!), mul(input!, tanh(candidate!)));
    return [mul(output!, tanh(next)), next];
  },
};

/**
 * Cho et al., 2014, with the reset gate after the product with the recurrent weights, as in cuDNN and PyTorch
 * (ONNX's `linear_before_reset`); gates: update, reset, hidden.
 */
const gru: RecurrentCell = {
  gates: 3,
  initialBias: [0, 0, 0],
  stateCount: 1,
  biasCount: 1,
  next: ({ projected, states: [hidden], weight, biases: [bias] }) => {
    const units = hidden!.shape[1] as number;
    const [gatesOfInput, candidateOfInput] = split(projected, [2 * units, units], 1);
    const recurrent = gemm(hidden!, weight, { bias: bias! });
    const [gatesOfHidden, candidateOfHidden] = split(recurrent, [2 * units, units], 1);
    const [update, reset] = split(sigmoid(add(gatesOfInput!, gatesOfHidden!)), [units, units], 1);
    const candidate = tanh(add(candidateOfInput!, mul(reset!, candidateOfHidden!)));
    return [add(candidate, mul(update!, sub(hidden!, candidate)))];
  },
};

export const CELLS = { lstm, gru } as const satisfies Record<string, RecurrentCell>;

export type CellName = keyof typeof CELLS;
