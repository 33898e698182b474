/**
 * Reverse-mode automatic differentiation. The gradient is more graph: rules build values from the same operators,
 * so it exports like the rest, and it can be differentiated again.
 */
import { add } from './ops/arithmetic.ts';
import { topological } from './traverse.ts';
import type { Node, Value } from './types.ts';
import { describe, GraphError, scalar } from './value.ts';

/**
 * Gradients of a scalar with respect to each of `wrt`, each of the shape of its value.
 * @throws {GraphError} when the target is not a float32 scalar or does not depend on one of `wrt`.
 */
export function gradients(target: Value, wrt: readonly Value[]): readonly Value[] {
  if (target.dtype !== 'float32' || target.shape.length !== 0) {
    throw new GraphError(`gradients need a float32 scalar to differentiate, received ${describe(target)}`);
  }
  const order = topological([target]);
  const dependent = dependents(order, wrt);
  const gradientOf = new Map<Value, Value>([[target, scalar(1)]]);
  for (let i = order.length - 1; i >= 0; i--) {
    const value = order[i]!;
    const g = gradientOf.get(value);
    if (g === undefined || value.kind !== 'result' || !dependent.has(value)) continue;
    propagate(value.node, value.index, g, dependent, gradientOf);
  }
  return wrt.map((value) => {
    const g = gradientOf.get(value);
    if (g === undefined) throw new GraphError(`${describe(target)} does not depend on ${describe(value)}`);
    return g;
  });
}

/** The values of `order` through which a change of one of `wrt` can reach the end; an operator that stops gradients ends it. */
function dependents(order: readonly Value[], wrt: readonly Value[]): ReadonlySet<Value> {
  const dependent = new Set<Value>(wrt);
  for (const value of order) {
    if (value.kind !== 'result' || value.node.op.gradient === null) continue;
    if (value.node.inputs.some((each) => dependent.has(each))) dependent.add(value);
  }
  return dependent;
}

function propagate(
  node: Node,
  index: number,
  g: Value,
  dependent: ReadonlySet<Value>,
  gradientOf: Map<Value, Value>,
): void {
  const { op, inputs } = node;
  if (op.gradient === null) return;
  if (index !== 0)
    throw new GraphError(`${op.type}: only its first output has a gradient, asked for output ${index}`);
  const inputGradients = op.gradient(g, node);
  for (const [i, value] of inputs.entries()) {
    const contribution = inputGradients[i];
    if (contribution === undefined || !dependent.has(value)) continue;
    const sum = gradientOf.get(value);
    gradientOf.set(value, sum === undefined ? contribution : add(sum, contribution));
  }
}
