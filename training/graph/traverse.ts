/** Traverses a graph from its roots. */
import type { Input, Node, Value, Variable } from './types.ts';

/**
 * Returns the roots and every value they depend on in topological order: each value follows its inputs.
 * Values in `known`, and values that only these depend on, are left out. Iterative, so that depth is not
 * limited by the stack.
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

/** Returns the nodes of a topological order, each once. */
export function nodesOf(order: readonly Value[]): readonly Node[] {
  const nodes = new Set<Node>();
  for (const value of order) if (value.kind === 'result') nodes.add(value.node);
  return [...nodes];
}

/** Returns the variables that the roots depend on, in order of first use. */
export function variablesOf(roots: Iterable<Value>): readonly Variable[] {
  return topological(roots).filter((value): value is Variable => value.kind === 'variable');
}

/** Returns the inputs that the roots depend on, in order of first use. */
export function inputsOf(roots: Iterable<Value>): readonly Input[] {
  return topological(roots).filter((value): value is Input => value.kind === 'input');
}
