/** Walking a graph from the values it answers with. */
import type { Input, Node, Value, Variable } from './types.ts';

/**
 * Every value that the roots reach, each after the values it is made from; iterative, so depth has no limit. What is in
 * `known`, and what only that is made from, is left out.
 */
export function topological(
  roots: Iterable<Value>,
  known: { readonly has: (value: Value) => boolean } = new Set<Value>(),
): readonly Value[] {
  const order: Value[] = [];
  const done = new Set<Value>();
  const stack: { value: Value; next: number }[] = [];
  const push = (value: Value) => {
    if (done.has(value) || known.has(value)) return;
    done.add(value);
    stack.push({ value, next: 0 });
  };
  for (const root of roots) {
    push(root);
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      const inputs = top.value.kind === 'result' ? top.value.node.inputs : [];
      if (top.next < inputs.length) {
        push(inputs[top.next++]!);
      } else {
        order.push(top.value);
        stack.pop();
      }
    }
  }
  return order;
}

/** The nodes of such an order, each once. */
export function nodesOf(order: readonly Value[]): readonly Node[] {
  const nodes = new Set<Node>();
  for (const value of order) if (value.kind === 'result') nodes.add(value.node);
  return [...nodes];
}

/** The variables that the roots reach, in the order of first use. */
export function variablesOf(roots: Iterable<Value>): readonly Variable[] {
  return topological(roots).filter((value): value is Variable => value.kind === 'variable');
}

/** The inputs that the roots reach, in the order of first use. */
export function inputsOf(roots: Iterable<Value>): readonly Input[] {
  return topological(roots).filter((value): value is Input => value.kind === 'input');
}
