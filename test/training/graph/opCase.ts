import type { Shape, Value } from '../../../training/graph/types.ts';

export interface OpCase {
  /** Shapes of the float32 inputs; `'N'` becomes each of the tested batch sizes. */
  readonly inputs: readonly Shape[];
  readonly build: (inputs: readonly Value[]) => Value;
  /** Positions of the inputs that have a gradient, all by default; the others only provide their shape. */
  readonly wrt?: readonly number[];
  /** Range of the random inputs, -2 to 2 by default. */
  readonly range?: readonly [number, number];
  /** Makes the inputs strings, drawn from these. */
  readonly words?: readonly string[];
}
