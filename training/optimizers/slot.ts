/** State variables of update rules. */
import type { Variable } from '../graph/types.ts';
import { variable } from '../graph/value.ts';

/**
 * Creates the state that a rule keeps for a parameter between steps: a variable of its shape, initially zero.
 */
export function slot(rule: string, name: string, parameter: Variable): Variable {
  const zeros = new Float32Array(parameter.initial.length);
  return variable(`${rule}/${name}/${parameter.name}`, parameter.shape, zeros);
}
