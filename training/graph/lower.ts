/** Replaces operators with faster formulations before a graph is written. */
import { rebuildNode } from './substitute.ts';
import { topological } from './traverse.ts';
import type { Attributes, Body, Result, Value } from './types.ts';

/**
 * Returns the same values with every operator that has a `lower` rule replaced by the rule's result, which is
 * lowered in turn. Unchanged parts are shared with the original graph.
 */
export function lowerAll(roots: Readonly<Record<string, Value>>): Record<string, Value> {
  const lowered = new Map<Value, Value>();
  lowerInto(lowered, Object.values(roots));
  return Object.fromEntries(Object.entries(roots).map(([name, value]) => [name, lowered.get(value)!]));
}

/** Adds the lowered forms of the roots and of the values they depend on. Lowered values map to themselves. */
function lowerInto(lowered: Map<Value, Value>, roots: Iterable<Value>): void {
  for (const value of topological(roots, lowered)) {
    if (lowered.has(value)) continue;
    const result = value.kind === 'result' ? lowerResult(value, lowered) : value;
    lowered.set(value, result).set(result, result);
  }
}

function lowerResult(value: Result, lowered: Map<Value, Value>): Value {
  const { op, inputs, attributes, outputs } = value.node;
  const newInputs = inputs.map((each) => lowered.get(each)!);
  if (op.lower !== undefined) {
    const formulation = op.lower(newInputs, attributes);
    lowerInto(lowered, [formulation]);
    return lowered.get(formulation)!;
  }
  const rebuilt = rebuildNode(value.node, newInputs, lowerBody(attributes));
  outputs.forEach((output, i) => {
    lowered.set(output, rebuilt[i]!).set(rebuilt[i]!, rebuilt[i]!);
  });
  return rebuilt[value.index]!;
}

function lowerBody(attributes: Attributes): Attributes {
  const body = attributes.body as Body | undefined;
  if (body === undefined) return attributes;
  const lowered = new Map<Value, Value>();
  lowerInto(lowered, body.outputs);
  const outputs = body.outputs.map((each) => lowered.get(each)!);
  return outputs.every((each, i) => each === body.outputs[i])
    ? attributes
    : { ...attributes, body: { ...body, outputs } };
}
