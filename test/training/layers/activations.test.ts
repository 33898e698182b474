import { describe, expect, it } from 'vitest';
import { input } from '../../../training/graph/value.ts';
import { ACTIVATIONS, type Activation } from '../../../training/layers/activations.ts';
import { inOnnxruntime, relativeError } from '../../support/training/evaluate.ts';

/** The error function by its Maclaurin series, which is exact in float64 for small arguments. */
function erf(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 60; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

/** The formula of every activation, on one row. */
const REFERENCE: Readonly<Record<Activation, (row: number[]) => number[]>> = {
  elu: (row) => row.map((x) => (x > 0 ? x : Math.expm1(x))),
  gelu: (row) => row.map((x) => 0.5 * x * (1 + erf(x / Math.SQRT2))),
  leakyRelu: (row) => row.map((x) => (x > 0 ? x : 0.01 * x)),
  linear: (row) => row,
  relu: (row) => row.map((x) => Math.max(0, x)),
  selu: (row) => row.map((x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x))),
  sigmoid: (row) => row.map((x) => 1 / (1 + Math.exp(-x))),
  softmax: (row) => row.map((x) => Math.exp(x) / row.reduce((sum, each) => sum + Math.exp(each), 0)),
  softplus: (row) => row.map((x) => Math.log1p(Math.exp(x))),
  tanh: (row) => row.map(Math.tanh),
};

describe.each(Object.entries(ACTIVATIONS))('activation %s', (name, { apply }) => {
  it('computes its formula', async () => {
    const row = [-3, -0.7, -0.01, 0.02, 0.5, 2.5];
    const x = input('x', ['N', row.length]);
    const tensor = { dtype: 'float32', shape: [1, row.length], data: Float32Array.from(row) } as const;
    const [actual] = await inOnnxruntime([apply(x)], new Map([[x, tensor]]));
    expect(relativeError(actual!, REFERENCE[name as Activation](row))).toBeLessThan(1e-6);
  });
});
