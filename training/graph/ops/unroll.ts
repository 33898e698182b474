/** A recurrent cell unrolled along a sequence, as a loop. */
import type { Value } from '../types.ts';
import { constant, int64s } from '../value.ts';
import type { RecurrentCell } from './cells.ts';
import { split, zerosLike } from './concat.ts';
import { gather } from './gather.ts';
import { scan } from './scan.ts';
import type { ScanOptions } from './scanBody.ts';
import { squeeze } from './squeeze.ts';

export interface CellWeights {
  /** `[units, gates * units]` */
  readonly weight: Value;
  /** `biasCount` biases of the cell, each `[gates * units]`. */
  readonly biases: readonly Value[];
}

export interface UnrollOptions extends CellWeights {
  /**
   * Input times its weights, plus bias: `[steps, N, gates * units]`, or `[N, gates * units]` if `steps`
   * repeats it.
   */
  readonly projected: Value;
  /** Number of times that an input without a step axis is repeated. */
  readonly steps?: number;
  /** True if the loop keeps the values that its gradient needs. */
  readonly differentiable?: boolean;
}

/**
 * Runs a cell along a sequence from zero states: all hidden states `[steps, N, units]`, and the last states
 * `[N, units]`.
 */
export function unroll(
  cell: RecurrentCell,
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

/** A sequence of zeros, because a loop needs a scanned input to determine its number of steps. */
function ticks(steps: number): Value {
  return constant({ dtype: 'float32', shape: [steps], data: new Float32Array(steps) });
}
