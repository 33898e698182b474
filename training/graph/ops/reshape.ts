/** `Reshape`: the same values in the same order in another shape. */
import type { Dimension, Op, Shape, Value } from '../types.ts';
import { apply, GraphError, int64s, sameShape, shapeError } from '../value.ts';
import { shapeHeldBy } from './shape.ts';

/**
 * ONNX `Reshape` to the shape given by an int64 operand, in which 0 keeps the dimension at that place and a
 * single -1 is inferred.
 */
export const reshapeOp: Op = {
  type: 'Reshape',
  infer: ([x, shape]) => {
    const requested = shapeHeldBy(shape!);
    if (requested === undefined)
      throw shapeError('Reshape', 'the shape must be a constant or a Shape', [x!, shape!]);
    return [{ dtype: x!.dtype, shape: resolve(x!, requested) }];
  },
  gradient: (g, { inputs: [x] }) => [reshapeTo(g, x!.shape), undefined],
  kernel: (tf, [x, shape]) => {
    const requested = Array.from(shape!.dataSync());
    return [
      tf.reshape(
        x!,
        requested.map((size, axis) => (size === 0 ? x!.shape[axis]! : size)),
      ),
    ];
  },
};

/** Reshapes `x`; 0 keeps the dimension at that place, a single -1 is inferred. */
export function reshape(x: Value, shape: readonly number[]): Value {
  return apply(reshapeOp, [x, int64s(shape)]);
}

/**
 * Reshapes `x` to a shape with at most one symbolic dimension.
 * @throws {GraphError} if more dimensions are symbolic.
 */
export function reshapeTo(x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x;
  if (shape.filter((size) => typeof size === 'string').length > 1) {
    throw new GraphError(`Reshape: expected at most one symbolic dimension, received [${shape}]`);
  }
  return reshape(
    x,
    shape.map((size) => (typeof size === 'string' ? -1 : size)),
  );
}

function resolve(x: Value, requested: Shape): Shape {
  const kept = requested.map((size, axis) => (size === 0 ? x.shape[axis] : size));
  if (kept.includes(undefined))
    throw shapeError('Reshape', `[${requested}] keeps a dimension that does not exist`, [x]);
  const known = (kept as Dimension[]).filter((size) => size !== -1);
  const left = kept.length === known.length ? undefined : quotient(x.shape, known);
  const shape = (kept as Dimension[]).map((size) => (size === -1 ? (left ?? size) : size));
  if (known.length < kept.length - 1 || quotient(x.shape, shape) !== 1)
    throw shapeError('Reshape', `cannot become [${requested}]`, [x]);
  return shape;
}

/**
 * Divides the product of some dimensions by the product of others; undefined if there is a remainder.
 * Products with symbolic dimensions are symbolic, for instance `49*N`.
 */
function quotient(over: Shape, under: Shape): Dimension | undefined {
  const [numerator, symbols] = factors(over);
  const [denominator, divisors] = factors(under);
  for (const symbol of divisors) {
    const at = symbols.indexOf(symbol);
    if (at < 0) return undefined;
    symbols.splice(at, 1);
  }
  const count = numerator / denominator;
  if (!Number.isInteger(count)) return undefined;
  if (symbols.length === 0) return count;
  return [...(count === 1 ? [] : [count]), ...symbols.toSorted()].join('*');
}

function factors(shape: Shape): [count: number, symbols: string[]] {
  const parts = shape.flatMap((size) => (typeof size === 'string' ? size.split('*') : [String(size)]));
  const isNumber = (part: string) => /^\d+$/.test(part);
  const count = parts.filter(isNumber).reduce((product, part) => product * Number(part), 1);
  return [count, parts.filter((part) => !isNumber(part))];
}
