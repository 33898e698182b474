/** Simplifies graphs: what is computed twice is computed once. */

import { rebuildNode } from './substitute.ts';
import { topological } from './traverse.ts';
import type { Constant, Node, Result, Value } from './types.ts';

/**
 * Returns the same values by fewer nodes: equal constants become one, as do nodes that apply the same operator to the
 * same values, and a `Reshape` of a `Reshape` becomes a single one.
 */
export function simplify(roots: readonly Value[]): readonly Value[] {
  const simple = new Map<Value, Value>();
  const known = new Map<string, Value | readonly Result[]>();
  const numbers = new Map<Value, number>();
  const once = <T extends Value | readonly Result[]>(key: string, made: T): T => {
    const own = known.get(key);
    if (own === undefined) known.set(key, made);
    return (own as T | undefined) ?? made;
  };
  const numberOf = (value: Value): number => {
    if (!numbers.has(value)) numbers.set(value, numbers.size);
    return numbers.get(value)!;
  };
  for (const value of topological(roots)) {
    if (simple.has(value)) continue;
    if (value.kind === 'constant') simple.set(value, once(keyOfConstant(value), value));
    else if (value.kind !== 'result') simple.set(value, value);
    else {
      const { node } = value;
      const inputs = outermost(node).map((each) => simple.get(each)!);
      const rebuilt = rebuildNode(node, inputs);
      // Bodies are not compared: loops stay as they are.
      const key = `${node.op.domain}/${node.op.type} ${inputs.map(numberOf)} ${JSON.stringify(node.attributes)}`;
      const outputs = 'body' in node.attributes ? rebuilt : once(key, rebuilt);
      node.outputs.forEach((output, i) => {
        simple.set(output, outputs[i]!);
      });
    }
  }
  return roots.map((root) => simple.get(root)!);
}

/** The inputs of a node; those of a `Reshape` that follows others skip them, unless it keeps a dimension by 0. */
function outermost({ op, inputs }: Node): readonly Value[] {
  const [x, shape] = inputs;
  if (
    op.type !== 'Reshape' ||
    shape!.kind !== 'constant' ||
    Array.from(shape!.tensor.data, Number).includes(0)
  )
    return inputs;
  let inner = x!;
  while (inner.kind === 'result' && inner.node.op.type === 'Reshape') inner = inner.node.inputs[0]!;
  return [inner, shape!];
}

function keyOfConstant({ tensor: { dtype, shape, data } }: Constant): string {
  return `${dtype} ${shape}: ${data}`;
}
