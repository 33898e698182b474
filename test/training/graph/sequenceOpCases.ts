/** Cases for the operators on sequences. */
import { tanh } from '../../../training/graph/ops/activations.ts';
import { add, mul } from '../../../training/graph/ops/arithmetic.ts';
import { reduceSum } from '../../../training/graph/ops/broadcast.ts';
import { concat, split } from '../../../training/graph/ops/concat.ts';
import { gemm } from '../../../training/graph/ops/gemm.ts';
import { gruOp, lstmOp } from '../../../training/graph/ops/recurrent.ts';
import type { OPS } from '../../../training/graph/ops/registry.ts';
import { scan } from '../../../training/graph/ops/scan.ts';
import type { ScanStepInputs } from '../../../training/graph/ops/scanBody.ts';
import type { Attributes, Op, Value } from '../../../training/graph/types.ts';
import { applyAll } from '../../../training/graph/value.ts';
import type { OpCase } from './opCase.ts';

/** A state that depends on every input, and an output that is not a state. */
function step({ states: [h], scanned: [x], captured: [weight, bias] }: ScanStepInputs) {
  const [left, right] = split(gemm(h!, weight!, { bias: x! }), [1, 2], 1);
  const next = tanh(add(concat([right!, left!], 1), bias!));
  return { states: [next], outputs: [next, mul(x!, h!)] };
}

const loop = { inputs: [['N', 3], [4, 'N', 3], [3, 3], [3]] } as const;

type Inputs = Parameters<OpCase['build']>[0];

function run([h, x, weight, bias]: Inputs, reverse = false, differentiable = false) {
  const parts = { states: [h!], scanned: [x!], captured: [weight!, bias!] };
  return scan({ ...parts, reverse, step }, { differentiable });
}

/** Sums all outputs, broadcast to the shape of the first. */
function recurrence(op: Op, attributes: Attributes = {}) {
  return (inputs: readonly Value[]): Value => {
    const [all, ...last]: readonly Value[] = applyAll(op, inputs, { hidden_size: 3, ...attributes });
    return last.reduce((sum, each) => add(sum, each), all!);
  };
}

export const SEQUENCE_OP_CASES = {
  Concat: [
    {
      inputs: [
        ['N', 2],
        ['N', 5],
        ['N', 1],
      ],
      build: (inputs) => concat(inputs, 1),
    },
    { inputs: [[2, 'N', 3]], build: ([x]) => concat([x!, x!], 0) },
  ],
  GRU: [
    {
      inputs: [
        [4, 'N', 2],
        [1, 9, 2],
        [1, 9, 3],
        [1, 18],
      ],
      build: recurrence(gruOp, { linear_before_reset: 1 }),
    },
  ],
  LSTM: [
    {
      inputs: [
        [4, 'N', 2],
        [1, 12, 2],
        [1, 12, 3],
        [1, 24],
      ],
      build: recurrence(lstmOp),
    },
    // Only the states.
    {
      inputs: [
        [1, 'N', 1],
        [1, 8, 1],
        [1, 8, 2],
        [1, 16],
      ],
      build: (inputs) => applyAll(lstmOp, inputs, { hidden_size: 2 })[2]!,
    },
  ],
  Scan: [
    { ...loop, build: (inputs) => run(inputs).states[0]! },
    { ...loop, build: (inputs) => run(inputs, true).stacked[1]! },
    {
      ...loop,
      build: (inputs) => {
        const { states, stacked } = run(inputs, false, true);
        return add(states[0]!, mul(stacked[0]!, stacked[1]!));
      },
    },
    // A running sum: the gradient needs no residuals.
    {
      inputs: [['N'], [5, 'N', 2]],
      build: ([sum, x]) =>
        scan({
          states: [sum!],
          scanned: [x!],
          step: ({ states: [before], scanned: [each] }) => {
            const after = add(before!, reduceSum(each!, [1]));
            return { states: [after], outputs: [after] };
          },
        }).stacked[0]!,
    },
  ],
  Split: [
    {
      inputs: [['N', 6]],
      build: ([x]) => {
        const [a, b, c] = split(x!, [1, 3, 2], 1);
        return mul(mul(a!, b!), reduceSum(c!, [0, 1]));
      },
    },
    { inputs: [[5, 'N']], build: ([x]) => split(x!, [2, 3], 0)[1]! },
  ],
} as const satisfies Partial<Record<keyof typeof OPS, readonly OpCase[]>>;
