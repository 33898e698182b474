import { expect, it } from 'vitest';
import { gradients } from '../../../training/graph/autodiff.ts';
import { sigmoid, tanh } from '../../../training/graph/ops/activations.ts';
import { add, div, mul, neg, sub } from '../../../training/graph/ops/arithmetic.ts';
import { expand, reduceSum } from '../../../training/graph/ops/broadcast.ts';
import { gemm } from '../../../training/graph/ops/gemm.ts';
import { reduceMean } from '../../../training/graph/ops/mean.ts';
import { sign } from '../../../training/graph/ops/powers.ts';
import { OPS } from '../../../training/graph/ops/registry.ts';
import type { Input, Tensor } from '../../../training/graph/types.ts';
import { apply, input } from '../../../training/graph/value.ts';
import { inOnnxruntime, relativeError, tfjsGradients } from '../../support/training/evaluate.ts';

const X = [0.5, -1.25, 2, 0.1, -0.7, 1.5];

function feedsOf(x: Input, shape: number[], data = X): ReadonlyMap<Input, Tensor> {
  return new Map([[x, { dtype: 'float32', shape, data: Float32Array.from(data) }]]);
}

it('sums over every path from a value to the target', async () => {
  const x = input('x', ['N', 3]);
  // d/dx sum(x tanh(x) + x) = tanh(x) + x (1 - tanh(x)^2) + 1
  const [g] = gradients(reduceSum(add(mul(x, tanh(x)), x)), [x]);
  const [actual] = await inOnnxruntime([g!], feedsOf(x, [2, 3]));
  const expected = X.map((v) => Math.tanh(v) + v * (1 - Math.tanh(v) ** 2) + 1);
  expect(relativeError(actual!, expected)).toBeLessThan(1e-6);
});

it('differentiates its own gradients', async () => {
  const x = input('x', ['N', 3]);
  const [first] = gradients(reduceSum(sigmoid(x)), [x]);
  const [second] = gradients(reduceSum(mul(first!, first!)), [x]);
  const [actual] = await inOnnxruntime([second!], feedsOf(x, [2, 3]));
  // s' = s (1 - s); d/dx s'^2 = 2 s' s'' with s'' = s' (1 - 2 s)
  const expected = X.map((v) => {
    const s = 1 / (1 + Math.exp(-v));
    const ds = s * (1 - s);
    return 2 * ds * ds * (1 - 2 * s);
  });
  expect(relativeError(actual!, expected)).toBeLessThan(1e-5);
});

it('returns gradients of intermediate values, and of a value that is used transposed', async () => {
  const x = input('x', ['N', 3]);
  const gram = gemm(x, x, { transA: true });
  const target = reduceMean(mul(gram, gram));
  const [g] = gradients(target, [x]);
  const [actual] = await inOnnxruntime([g!], feedsOf(x, [2, 3]));
  const [expected] = await tfjsGradients(target, [x], feedsOf(x, [2, 3]));
  expect(relativeError(actual!, expected!)).toBeLessThan(1e-5);
});

it('rejects a target that is not a scalar, and one that does not depend on the value', () => {
  const x = input('x', ['N', 3]);
  const y = input('y', ['N', 3]);
  expect(() => gradients(x, [x])).toThrow(
    "need a float32 scalar to differentiate, received 'x' float32[N, 3]",
  );
  expect(() => gradients(reduceSum(x), [y])).toThrow("does not depend on 'y' float32[N, 3]");
  expect(() => gradients(reduceSum(sign(x)), [x])).toThrow("does not depend on 'x'");
});

it('leaves out expansions that broadcasting makes unnecessary, without changing a value', async () => {
  const x = input('x', ['N', 3]);
  const row = expand(reduceMean(x, [0]), x);
  const short = [add(row, x), sub(x, row), mul(row, x), div(x, row), neg(row)];
  const long = [
    apply(OPS.Add, [row, x]),
    apply(OPS.Sub, [x, row]),
    apply(OPS.Mul, [row, x]),
    apply(OPS.Div, [x, row]),
    apply(OPS.Neg, [row]),
  ];
  const feeds = feedsOf(x, [2, 3]);
  expect(await inOnnxruntime(short, feeds)).toEqual(await inOnnxruntime(long, feeds));
  for (const value of short.slice(0, 4)) {
    expect(value.kind === 'result' && value.node.inputs.every((each) => each !== row)).toBe(true);
  }
});
