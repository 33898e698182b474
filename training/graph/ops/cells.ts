/**
 * The formulas of recurrent cells, in ONNX's order of gates. `units` is the width of the hidden state, and the input comes
 * as its product with the input weights, bias added: `[N, gates * units]`.
 */
import type { Value } from '../types.ts';
import { sigmoid, tanh } from './activations.ts';
import { add, mul, sub } from './arithmetic.ts';
import { split } from './concat.ts';
import { gemm } from './gemm.ts';

export interface Cell {
  readonly gates: number;
  /** What the bias of every gate starts from. */
  readonly initialBias: readonly number[];
  /** How many states `[N, units]` there are; the first is the hidden state. */
  readonly stateCount: number;
  /** How many biases of `[gates * units]` there are besides the one of the input. */
  readonly biasCount: number;
  readonly next: (parts: CellParts) => readonly Value[];
}

export interface CellParts {
  readonly projected: Value;
  readonly states: readonly Value[];
  /** `[units, gates * units]` */
  readonly weight: Value;
  readonly biases: readonly Value[];
}

/** Hochreiter & Schmidhuber, 1997, with the forget gate of Gers et al., 2000; gates: input, output, forget, cell. */
const lstm: Cell = {
  gates: 4,
  // A forget gate that starts open lets gradients through (Jozefowicz et al., 2015).
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
 * Cho et al., 2014, with the reset gate after the product with the recurrent weights, as in cuDNN and PyTorch (ONNX's
 * `linear_before_reset`); gates: update, reset, hidden.
 */
const gru: Cell = {
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

export const CELLS = { lstm, gru } as const satisfies Record<string, Cell>;

export type CellName = keyof typeof CELLS;
