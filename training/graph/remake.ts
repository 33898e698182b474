/** Making graphs again with other parts: values never change. */
import { topological } from './traverse.ts';
import type { Attributes, Node, Result, Value } from './types.ts';
import { applyAll } from './value.ts';

/** The outputs of `node` were it made from other inputs and attributes; its own where these are its own. */
export function remake(
  { op, inputs, attributes, outputs }: Node,
  from: readonly Value[],
  withAttributes: Attributes = attributes,
): readonly Result[] {
  const same = withAttributes === attributes && from.every((each, i) => each === inputs[i]);
  return same ? outputs : applyAll(op, from, withAttributes);
}

/** The roots with other values in the place of some; whatever those do not touch is shared with the original graph. */
export function substitute(
  roots: readonly Value[],
  replacements: ReadonlyMap<Value, Value>,
): readonly Value[] {
  const made = new Map(replacements);
  for (const value of topological(roots, replacements)) {
    if (made.has(value)) continue;
    if (value.kind !== 'result') {
      made.set(value, value);
      continue;
    }
    const { node } = value;
    const outputs = remake(
      node,
      node.inputs.map((each) => made.get(each)!),
    );
    node.outputs.forEach((output, i) => {
      if (!made.has(output)) made.set(output, outputs[i]!);
    });
  }
  return roots.map((root) => made.get(root)!);
}
