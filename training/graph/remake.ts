/** Making graphs again with other parts: values never change. */
import { topological } from './traverse.ts';
import type { Node, Result, Value } from './types.ts';
import { applyAll } from './value.ts';

/** The outputs of `node` were it made from other inputs; its own where these are its inputs. */
export function remake({ op, inputs, attributes, outputs }: Node, from: readonly Value[]): readonly Result[] {
  return from.every((each, i) => each === inputs[i]) ? outputs : applyAll(op, from, attributes);
}

/** The roots with other values in the place of some; whatever those do not touch is shared with the original graph. */
export function substitute(
  roots: Readonly<Record<string, Value>>,
  replacements: ReadonlyMap<Value, Value>,
): Record<string, Value> {
  const made = new Map(replacements);
  for (const value of topological(Object.values(roots), replacements)) {
    if (made.has(value)) continue;
    if (value.kind !== 'result') {
      made.set(value, value);
      continue;
    }
    const { node } = value;
    const inputs = node.inputs.map((each) => made.get(each)!);
    const outputs = remake(node, inputs);
    for (const { index } of outputs) made.set(node.outputs[index]!, outputs[index]!);
  }
  return Object.fromEntries(Object.entries(roots).map(([name, value]) => [name, made.get(value)!]));
}
