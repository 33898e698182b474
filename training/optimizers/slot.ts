/** The state of update rules. */
import type { Variable } from '../graph/types.ts';
import { variable } from '../graph/value.ts';

/** What a rule remembers of a parameter between steps: a variable of its shape, zero at first. */
export function slot(rule: string, name: string, parameter: Variable): Variable {
  const zeros = new Float32Array(parameter.initial.length);
  return variable(`${rule}/${name}/${parameter.name}`, parameter.shape, zeros);
}
