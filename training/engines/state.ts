/** Access to the state that a session continues from. */
import type { Weights } from '../graph/types.ts';
import { GraphError } from '../graph/value.ts';

/**
 * Returns the `size` values that a state holds under `name`.
 * @throws {GraphError} if it has no such values: the state belongs to another program or engine.
 */
export function stateValue(state: Weights, name: string, size: number): Float32Array {
  const data = state.get(name);
  if (data?.length === size) return data;
  const received = data === undefined ? `only ${[...state.keys()].join(', ')}` : `${data.length}`;
  throw new GraphError(
    `state: expected ${size} values for '${name}', received ${received}; restore the state of the same program and engine`,
  );
}
