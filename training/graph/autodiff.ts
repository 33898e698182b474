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
  return pullback([[target, scalar(1)]], wrt).map((g, i) => {
    if (g === undefined) throw new GraphError(`${describe(target)} does not depend on ${describe(wrt[i]!)}`);
    return g;
  });
}

/**
 * Carries the gradients of some values, each of the shape of its value, back to each of `wrt`: the product with the
 * Jacobian, transposed. `undefined` where none of them depends on it.
 */
export function pullback(
  given: readonly (readonly [value: Value, gradient: Value])[],
  wrt: readonly Value[],
): readonly (Value | undefined)[] {
  const order = topological(given.map(([value]) => value));
  const dependent = dependents(order, wrt);
  const gradientOf = new Map<Value, Value>();
  for (const [value, g] of given) accumulate(gradientOf, value, g);
  const outputsLeft = new Map<Node, number>();
  for (const value of order) {
    if (value.kind === 'result') outputsLeft.set(value.node, (outputsLeft.get(value.node) ?? 0) + 1);
  }
  for (const value of order.toReversed()) {
    if (value.kind !== 'result') continue;
    const { node } = value;
    const left = outputsLeft.get(node)! - 1;
    outputsLeft.set(node, left);
    // What uses any output of a node comes after the first of them in the order.
    if (left === 0) propagate(node, dependent, gradientOf);
  }
  return wrt.map((value) => gradientOf.get(value));
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

function propagate(node: Node, dependent: ReadonlySet<Value>, gradientOf: Map<Value, Value>): void {
  const gs = node.outputs.map((output) => (dependent.has(output) ? gradientOf.get(output) : undefined));
  if (gs.every((g) => g === undefined)) return;
  const inputGradients = inputGradientsOf(node, gs);
  for (const [i, value] of node.inputs.entries()) {
    const contribution = inputGradients[i];
    if (contribution !== undefined && dependent.has(value)) accumulate(gradientOf, value, contribution);
  }
}

function inputGradientsOf(node: Node, gs: readonly (Value | undefined)[]): readonly (Value | undefined)[] {
  const { gradient, type } = node.op;
  if (gradient === null) return [];
  if (typeof gradient === 'object') return gradient.ofOutputs(gs, node);
  const other = gs.findIndex((g, index) => index > 0 && g !== undefined);
  if (other > 0)
    throw new GraphError(`${type}: only its first output has a gradient, asked for output ${other}`);
  return gradient(gs[0]!, node);
}

function accumulate(gradientOf: Map<Value, Value>, value: Value, contribution: Value): void {
  const sum = gradientOf.get(value);
  gradientOf.set(value, sum === undefined ? contribution : add(sum, contribution));
}
