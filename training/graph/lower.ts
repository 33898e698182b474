/** Replacing operators by their faster formulations before a graph is written. */
import { remake } from './remake.ts';
import { topological } from './traverse.ts';
import type { Attributes, Body, Result, Value } from './types.ts';

/**
 * The same values with every operator that has a `lower` rule replaced by what the rule gives, and by what that in turn
 * is lowered to. Whatever needs no change is shared with the original graph.
 */
export function lowerAll(roots: Readonly<Record<string, Value>>): Record<string, Value> {
  const lowered = new Map<Value, Value>();
  lowerInto(lowered, Object.values(roots));
  return Object.fromEntries(Object.entries(roots).map(([name, value]) => [name, lowered.get(value)!]));
}

/** Adds what the roots are lowered to, and what they are made from; lowered values stand for themselves. */
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
  const remade = remake(value.node, newInputs, lowerBody(attributes));
  outputs.forEach((output, i) => {
    lowered.set(output, remade[i]!).set(remade[i]!, remade[i]!);
  });
  return remade[value.index]!;
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
