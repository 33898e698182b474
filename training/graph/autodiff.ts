/**
 * Reverse-mode automatic differentiation. Gradients are graphs too: gradient rules build values from the same
 * operators, so gradients are exported like any other value and can be differentiated again.
 */
import { add } from './ops/arithmetic.ts';
import { topological } from './traverse.ts';
import type { Node, Value } from './types.ts';
import { describeValue, GraphError, scalar } from './value.ts';

/**
 * Returns the gradient of `target`, a float32 scalar, with respect to each value of `wrt`, in the shape of
 * that value.
 * @throws {GraphError} if the target is not a float32 scalar or does not depend on one of `wrt`.
 */
export function gradients(target: Value, wrt: readonly Value[]): readonly Value[] {
  if (target.dtype !== 'float32' || target.shape.length !== 0) {
    throw new GraphError(
      `gradients need a float32 scalar to differentiate, received ${describeValue(target)}`,
    );
  }
  return pullback([[target, scalar(1)]], wrt).map((g, i) => {
    if (g === undefined)
      throw new GraphError(`${describeValue(target)} does not depend on ${describeValue(wrt[i]!)}`);
    return g;
  });
}

/**
 * Vector-Jacobian product: propagates the gradients of some values, each in the shape of its value, back to
 * `wrt`. The result is `undefined` for a value that none of the given values depends on.
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
    // Every use of a node comes after the first of its outputs in the order.
    if (left === 0) propagate(node, dependent, gradientOf);
  }
  return wrt.map((value) => gradientOf.get(value));
}

/** Values of `order` that depend on `wrt`, not counting paths through operators that stop gradients. */
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
    throw new GraphError(`${type}: only the first output has a gradient, received one for output ${other}`);
  return gradient(gs[0]!, node);
}

function accumulate(gradientOf: Map<Value, Value>, value: Value, contribution: Value): void {
  const sum = gradientOf.get(value);
  gradientOf.set(value, sum === undefined ? contribution : add(sum, contribution));
}
