/**
 * ONNX's recurrent operators in the forward direction, with default activations, and the loops equivalent to
 * them.
 */
import type * as tfjs from '@tensorflow/tfjs-core';
import { pullback } from '../autodiff.ts';
import { interpret } from '../interpret.ts';
import { substitute } from '../substitute.ts';
import type { Attributes, Op, Value } from '../types.ts';
import { applyAll, constant, float32, input, sameShape, shapeError, sizeOf } from '../value.ts';
import { add } from './arithmetic.ts';
import { CELLS, type CellName, type RecurrentCell } from './cells.ts';
import { concat, split } from './concat.ts';
import { gemm } from './gemm.ts';
import { reshape } from './reshape.ts';
import { requireFloat32 } from './shapeRules.ts';
import { squeeze, unsqueeze } from './squeeze.ts';
import { transpose } from './transpose.ts';
import { type CellWeights, unroll } from './unroll.ts';

/**
 * ONNX `LSTM` of `X [steps, N, inputs]`, `W [1, 4 units, inputs]`, `R [1, 4 units, units]` and
 * `B [1, 8 units]`.
 */
export const lstmOp: Op = recurrentOp('LSTM', 'lstm', {});

/**
 * ONNX `GRU`: like `LSTM` with 3 gates instead of 4, and the reset gate applied after the product with `R`.
 */
export const gruOp: Op = recurrentOp('GRU', 'gru', { linear_before_reset: 'int' });

function recurrentOp(type: string, name: CellName, attributes: NonNullable<Op['attributes']>): Op {
  const cell = CELLS[name];
  return {
    type,
    attributes: { hidden_size: 'int', ...attributes },
    infer: (inputs, { hidden_size: units }: Attributes) => {
      requireFloat32(type, inputs);
      const [x, ...weights] = inputs;
      const [steps, batch, width] = x!.shape;
      const wide = cell.gates * (units as number);
      const expected = [
        [1, wide, width!],
        [1, wide, units as number],
        [1, 2 * wide],
      ];
      if (x!.shape.length !== 3 || !expected.every((shape, i) => sameShape(weights[i]!.shape, shape)))
        throw shapeError(type, `needs a sequence and the weights of ${units} units`, inputs);
      const last = [1, batch!, units as number];
      return [
        ...float32([steps!, 1, batch!, units as number]),
        ...Array.from({ length: cell.stateCount }, () => float32(last)[0]!),
      ];
    },
    gradient: {
      ofOutputs: (gs, { inputs }) => {
        const placeholders = inputs.map(({ shape }, i) => input(`input_${i}`, shape));
        const outputs = formulation(cell, placeholders);
        const given = outputs.flatMap((each, i) => (gs[i] === undefined ? [] : [[each, gs[i]] as const]));
        const perInput = pullback(given, placeholders) as readonly Value[];
        return substitute(perInput, new Map(placeholders.map((each, i) => [each, inputs[i]!])));
      },
    },
    kernel: (tf, inputs) => {
      const placeholders = inputs.map(({ shape }, i) => input(`input_${i}`, shape));
      const given = new Map<Value, tfjs.Tensor>(placeholders.map((each, i) => [each, inputs[i]!]));
      return interpret(tf, formulation(cell, placeholders), given);
    },
  };
}

/** Computes the operator's outputs by an explicit loop. */
function formulation(cell: RecurrentCell, [x, w, r, b]: readonly Value[]): readonly Value[] {
  const [wide, width] = w!.shape.slice(1) as [number, number];
  const [bias, recurrentBias] = split(squeeze(b!, [0]), [wide, wide], 0) as [Value, Value];
  const projected = gemm(reshape(x!, [-1, width]), squeeze(w!, [0]), {
    transB: true,
    bias: cell.biasCount === 0 ? add(bias, recurrentBias) : bias,
  });
  const { hidden, states } = unroll(cell, {
    projected: reshape(projected, [x!.shape[0] as number, -1, wide]),
    weight: transpose(squeeze(r!, [0]), [1, 0]),
    biases: cell.biasCount === 0 ? [] : [recurrentBias],
  });
  return [unsqueeze(hidden, [1]), ...states.map((each) => unsqueeze(each, [0]))];
}

export interface RecurrentWeights extends CellWeights {
  /** `[inputs, gates * units]` */
  readonly inputWeight: Value;
  readonly bias: Value;
}

/**
 * Applies ONNX's operator to a sequence `[steps, N, inputs]`: hidden states `[steps, N, units]`, and the last
 * one `[N, units]`.
 */
export function applyRecurrent(
  name: CellName,
  x: Value,
  { inputWeight, bias, weight, biases }: RecurrentWeights,
): { readonly hidden: Value; readonly last: Value } {
  const [units] = weight.shape as [number];
  const ofOperator = (matrix: Value) => unsqueeze(transpose(matrix, [1, 0]), [0]);
  const none = (shape: readonly number[]) =>
    constant({ dtype: 'float32', shape, data: new Float32Array(sizeOf(shape)) });
  const [recurrentBias = none(bias.shape as readonly number[])] = biases;
  const allBiases = unsqueeze(concat([bias, recurrentBias], 0), [0]);
  const inputs = [x, ofOperator(inputWeight), ofOperator(weight), allBiases];
  const [hidden, last] = OPERATORS[name](inputs, units);
  return { hidden: squeeze(hidden!, [1]), last: squeeze(last!, [0]) };
}

const OPERATORS = {
  lstm: (inputs, units) => applyAll(lstmOp, inputs, { hidden_size: units }),
  gru: (inputs, units) => applyAll(gruOp, inputs, { hidden_size: units, linear_before_reset: 1 }),
} as const satisfies Record<CellName, (inputs: readonly Value[], units: number) => readonly Value[]>;
