/** Matrix multiplication. */
import type { Attributes, Dimension, Op, Value } from '../types.ts';
import { apply, float32, formatShape, input, sameShape, shapeError } from '../value.ts';
import { sumTo } from './broadcast.ts';
import { broadcast, requireFloat32 } from './shapeRules.ts';

/**
 * ONNX `Gemm`: op(a) op(b) + c for matrices a and b, where op transposes if its flag is 1, and c broadcasts.
 */
export const gemmOp: Op = {
  type: 'Gemm',
  attributes: { transA: 'int', transB: 'int' },
  infer: (inputs, attributes) => {
    requireFloat32('Gemm', inputs);
    const [a, b, c] = inputs;
    if (a!.shape.length !== 2 || b!.shape.length !== 2)
      throw shapeError('Gemm', 'needs two matrices', inputs);
    const [rows, innerA] = orientedShape(a!, attributes.transA);
    const [innerB, columns] = orientedShape(b!, attributes.transB);
    if (innerA !== innerB)
      throw shapeError('Gemm', `inner dimensions ${innerA} and ${innerB} differ`, inputs);
    const product = [rows, columns];
    if (c !== undefined && !sameShape(broadcast('Gemm', [input('product', product), c]), product)) {
      throw shapeError('Gemm', `the bias does not broadcast to ${formatShape(product)}`, inputs);
    }
    return float32(product);
  },
  gradient: (g, { inputs: [a, b, c], attributes }) => {
    const { transA, transB } = flags(attributes);
    const perA = transA ? gemm(b!, g, { transA: transB, transB: true }) : gemm(g, b!, { transB: !transB });
    const perB = transB ? gemm(g, a!, { transA: true, transB: transA }) : gemm(a!, g, { transA: !transA });
    return c === undefined ? [perA, perB] : [perA, perB, sumTo(g, c.shape)];
  },
  kernel: (tf, [a, b, c], attributes) => {
    const { transA, transB } = flags(attributes);
    const product = tf.matMul(a!, b!, transA, transB);
    return [c === undefined ? product : tf.add(product, c)];
  },
};

export interface GemmOptions {
  readonly transA?: boolean;
  readonly transB?: boolean;
  /** Added to the product; broadcasts. */
  readonly bias?: Value;
}

/** Matrix product op(a) op(b) + bias. */
export function gemm(a: Value, b: Value, { transA, transB, bias }: GemmOptions = {}): Value {
  const inputs = bias === undefined ? [a, b] : [a, b, bias];
  return apply(gemmOp, inputs, { transA: transA ? 1 : 0, transB: transB ? 1 : 0 });
}

function orientedShape(
  matrix: Value,
  transposed: Attributes[string] | undefined,
): readonly [Dimension, Dimension] {
  const [rows, columns] = matrix.shape as readonly [Dimension, Dimension];
  return transposed === 1 ? [columns, rows] : [rows, columns];
}

function flags(attributes: Attributes): { transA: boolean; transB: boolean } {
  return { transA: attributes.transA === 1, transB: attributes.transB === 1 };
}
