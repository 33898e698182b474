/** Reading the state that a session continues from. */
import type { Weights } from '../graph/types.ts';
import { GraphError } from '../graph/value.ts';

/**
 * The `size` values that a state holds under a name.
 * @throws {GraphError} when it does not: the state is not one of this program and engine.
 */
export function stateValue(state: Weights, name: string, size: number): Float32Array {
  const data = state.get(name);
  if (data?.length === size) return data;
  const received = data === undefined ? `only ${[...state.keys()].join(', ')}` : `${data.length}`;
  throw new GraphError(
    `state: expected ${size} values for '${name}', received ${received}; restore the state of the same program and engine`,
  );
}
