/** Rebuilds graphs with some parts exchanged. Values are immutable, so changed parts are new values. */
import { topological } from './traverse.ts';
import type { Attributes, Node, Result, Value } from './types.ts';
import { applyAll } from './value.ts';

/**
 * Returns the outputs of `node` applied to other inputs and attributes, or its own outputs if both are
 * unchanged.
 */
export function rebuildNode(
  { op, inputs, attributes, outputs }: Node,
  from: readonly Value[],
  withAttributes: Attributes = attributes,
): readonly Result[] {
  const same = withAttributes === attributes && from.every((each, i) => each === inputs[i]);
  return same ? outputs : applyAll(op, from, withAttributes);
}

/**
 * Returns the roots with some values replaced by others. Parts that do not depend on them are shared with the
 * original.
 */
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
    const outputs = rebuildNode(
      node,
      node.inputs.map((each) => made.get(each)!),
    );
    node.outputs.forEach((output, i) => {
      if (!made.has(output)) made.set(output, outputs[i]!);
    });
  }
  return roots.map((root) => made.get(root)!);
}
