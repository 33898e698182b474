/** Rebuilding a graph on other values. */
import { topological } from './traverse.ts';
import type { Value } from './types.ts';
import { applyAll } from './value.ts';

/** The roots with every value that is a key of `replacements` replaced; what does not change is shared. */
export function substitute(
  roots: readonly Value[],
  replacements: ReadonlyMap<Value, Value>,
): readonly Value[] {
  const done = new Map(replacements);
  for (const value of topological(roots, replacements)) {
    if (done.has(value)) continue;
    if (value.kind !== 'result') {
      done.set(value, value);
      continue;
    }
    const { op, inputs, attributes, outputs } = value.node;
    const given = inputs.map((each) => done.get(each)!);
    const rebuilt = given.every((each, i) => each === inputs[i]) ? outputs : applyAll(op, given, attributes);
    outputs.forEach((output, i) => {
      if (!done.has(output)) done.set(output, rebuilt[i]!);
    });
  }
  return roots.map((root) => done.get(root)!);
}
