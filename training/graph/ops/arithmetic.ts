/** Broadcasting arithmetic on float32 values. */
import type { Op, Value } from '../types.ts';
import { apply, sameShape } from '../value.ts';
import { expand, expandOp, sumTo } from './broadcast.ts';
import { broadcast, elementwise } from './shapeRules.ts';

/** ONNX `Add`. */
export const addOp: Op = {
  type: 'Add',
  infer: elementwise('Add'),
  gradient: (g, { inputs: [a, b] }) => [sumTo(g, a!.shape), sumTo(g, b!.shape)],
  kernel: (tf, [a, b]) => [tf.add(a!, b!)],
};

/** ONNX `Sub`. */
export const subOp: Op = {
  type: 'Sub',
  infer: elementwise('Sub'),
  gradient: (g, { inputs: [a, b] }) => [sumTo(g, a!.shape), sumTo(neg(g), b!.shape)],
  kernel: (tf, [a, b]) => [tf.sub(a!, b!)],
};

/** ONNX `Mul`. */
export const mulOp: Op = {
  type: 'Mul',
  infer: elementwise('Mul'),
  gradient: (g, { inputs: [a, b] }) => [sumTo(mul(g, b!), a!.shape), sumTo(mul(g, a!), b!.shape)],
  kernel: (tf, [a, b]) => [tf.mul(a!, b!)],
};

/** ONNX `Div`. */
export const divOp: Op = {
  type: 'Div',
  infer: elementwise('Div'),
  gradient: (g, { inputs: [a, b], outputs: [quotient] }) => {
    const perA = div(g, b!);
    return [sumTo(perA, a!.shape), sumTo(neg(mul(perA, quotient!)), b!.shape)];
  },
  kernel: (tf, [a, b]) => [tf.div(a!, b!)],
};

/** ONNX `Neg`. */
export const negOp: Op = {
  type: 'Neg',
  infer: elementwise('Neg'),
  gradient: (g) => [neg(g)],
  kernel: (tf, [x]) => [tf.neg(x!)],
};

export function add(a: Value, b: Value): Value {
  return binary(addOp, a, b);
}

export function sub(a: Value, b: Value): Value {
  return binary(subOp, a, b);
}

/** Product. Multiplying by the constant 1, as the chain rule does at its start, adds no node. */
export function mul(a: Value, b: Value): Value {
  const product = broadcast('Mul', [a, b]);
  if (isOne(a) && sameShape(product, b.shape)) return b;
  if (isOne(b) && sameShape(product, a.shape)) return a;
  return binary(mulOp, a, b);
}

export function div(a: Value, b: Value): Value {
  return binary(divOp, a, b);
}

export function neg(x: Value): Value {
  const before = beforeExpand(x);
  return before === undefined ? apply(negOp, [x]) : expand(neg(before), x);
}

/**
 * Skips an `Expand` of an operand, as the gradients of means and sums contain, if the other operand already
 * has the shape of the result: the operator broadcasts without it, and no memory is copied.
 */
function binary(op: Op, a: Value, b: Value): Value {
  if (sameShape(a.shape, b.shape)) {
    const beforeA = beforeExpand(a);
    if (beforeA !== undefined) return apply(op, [beforeA, b]);
    const beforeB = beforeExpand(b);
    if (beforeB !== undefined) return apply(op, [a, beforeB]);
  }
  return apply(op, [a, b]);
}

function beforeExpand(x: Value): Value | undefined {
  return x.kind === 'result' && x.node.op === expandOp ? x.node.inputs[0] : undefined;
}

function isOne(value: Value): boolean {
  return value.kind === 'constant' && value.tensor.data.length === 1 && value.tensor.data[0] === 1;
}
