/** A recurrent cell along a sequence, as a loop. */
import type { Value } from '../types.ts';
import { constant, int64s } from '../value.ts';
import type { Cell } from './cells.ts';
import { split, zerosLike } from './concat.ts';
import { gather } from './gather.ts';
import { scan } from './scan.ts';
import type { ScanOptions } from './scanBody.ts';
import { squeeze } from './squeeze.ts';

export interface CellWeights {
  /** `[units, gates * units]` */
  readonly weight: Value;
  /** As many as the cell has, each `[gates * units]`. */
  readonly biases: readonly Value[];
}

export interface UnrollOptions extends CellWeights {
  /** The input's product with its weights, bias added: `[steps, N, gates * units]`, or `[N, gates * units]` for every step. */
  readonly projected: Value;
  /** How often an input without steps is repeated. */
  readonly steps?: number;
  /** Whether the steps keep what their gradient needs. */
  readonly differentiable?: boolean;
}

/** A cell from states of 0 along a sequence: every hidden state `[steps, N, units]`, and the last states `[N, units]`. */
export function unroll(
  cell: Cell,
  { projected, steps, weight, biases, differentiable = false }: UnrollOptions,
): { readonly hidden: Value; readonly states: readonly Value[] } {
  const isRepeated = steps !== undefined;
  const everyStep = [weight, ...biases];
  const first = isRepeated ? projected : squeeze(gather(projected, int64s([0]), 0), [0]);
  const [units, wide] = weight.shape as [number, number];
  const zeros = zerosLike(split(first, [units, wide - units], 1)[0]!);
  const loop: ScanOptions = {
    states: Array.from({ length: cell.stateCount }, () => zeros),
    scanned: [isRepeated ? ticks(steps) : projected],
    captured: isRepeated ? [...everyStep, projected] : everyStep,
    step: ({ states: before, scanned: [each], captured: [matrix, ...others] }) => {
      const next = cell.next({
        projected: isRepeated ? others.at(-1)! : each!,
        states: before,
        weight: matrix!,
        biases: others.slice(0, cell.biasCount),
      });
      return { states: next, outputs: [next[0]!] };
    },
  };
  const { states, stacked } = scan(loop, { differentiable });
  return { hidden: stacked[0]!, states };
}

/** Something to scan, of which nothing is read. */
function ticks(steps: number): Value {
  return constant({ dtype: 'float32', shape: [steps], data: new Float32Array(steps) });
}
