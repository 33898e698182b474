/** Convolutions with the batch last compute what ONNX's operators do, in TensorFlow.js as the independent truth. */
import { describe, expect, it } from 'vitest';
import { random } from '../../../shared/random.ts';
import { gradients } from '../../../training/graph/autodiff.ts';
import { batchLast } from '../../../training/graph/batchLast/batchLast.ts';
import { relu } from '../../../training/graph/ops/activations.ts';
import { add, mul } from '../../../training/graph/ops/arithmetic.ts';
import { reduceSum } from '../../../training/graph/ops/broadcast.ts';
import { conv, convTranspose } from '../../../training/graph/ops/conv.ts';
import { gemm } from '../../../training/graph/ops/gemm.ts';
import { maxPool } from '../../../training/graph/ops/maxPool.ts';
import { square } from '../../../training/graph/ops/powers.ts';
import { reshape } from '../../../training/graph/ops/reshape.ts';
import { unsqueeze } from '../../../training/graph/ops/squeeze.ts';
import type { Sliding } from '../../../training/graph/ops/windows.ts';
import { nodesOf, topological } from '../../../training/graph/traverse.ts';
import type { Input, Value } from '../../../training/graph/types.ts';
import { input } from '../../../training/graph/value.ts';
import { standardize } from '../../../training/layers/normalization.ts';
import { type Feeds, inOnnxruntime, inTfjs, relativeError } from '../../support/training/evaluate.ts';

const ROWS = 3;

const CASES: readonly (readonly [string, Sliding & { readonly kernel: readonly [number, number] }])[] = [
  ['one pixel', { kernel: [1, 1] }],
  ['three by three', { kernel: [3, 3], pads: [1, 1, 1, 1] }],
  ['strides', { kernel: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }],
  ['strides that differ', { kernel: [3, 2], strides: [1, 2], pads: [1, 0, 0, 1] }],
  ['strides above the kernel', { kernel: [2, 2], strides: [3, 3] }],
  ['dilations', { kernel: [2, 3], dilations: [2, 1], pads: [1, 1, 1, 1] }],
];

describe('a convolution, a transposed one back, and their gradients', () => {
  it.each(CASES)('%s', async (_, { kernel, ...sliding }) => {
    const x = input('x', ['N', 2, 6, 5]);
    const there = input('there', [3, 2, ...kernel]);
    const back = input('back', [3, 4, ...kernel]);
    const biases = [input('biasThere', [3]), input('biasBack', [4])] as const;
    const inner = relu(conv(x, there, { ...sliding, bias: biases[0] }));
    const y = convTranspose(inner, back, { ...sliding, bias: biases[1] });
    const wrt = [x, there, back, ...biases];
    const roots = [y, ...gradients(reduceSum(square(y)), wrt)];
    const rewritten = batchLast(roots);
    expect(typesOf(rewritten)).not.toContain('Conv');
    expect(typesOf(rewritten)).not.toContain('ConvTranspose');
    await expectEqual(rewritten, roots, feedsOf(wrt));
  });
});

it('leaves other operators on images as they are, between convolutions too', async () => {
  const x = input('rows', ['N', 2 * 6 * 6]);
  const weights = [input('first', [4, 2, 3, 3]), input('second', [2, 4, 3, 3])] as const;
  const dense = input('dense', [2 * 3 * 3, 5]);
  const pooled = maxPool(conv(reshape(x, [0, 2, 6, 6]), weights[0], { pads: [1, 1, 1, 1] }), [2, 2], {
    strides: [2, 2],
  });
  const y = gemm(reshape(conv(pooled, weights[1], { pads: [1, 1, 1, 1] }), [0, 18]), dense);
  const wrt = [x, ...weights, dense];
  const roots = [y, ...gradients(reduceSum(square(y)), wrt)];
  await expectEqual(batchLast(roots), roots, feedsOf(wrt));
});

it('normalises channels without another order of the axes', async () => {
  const x = input('x', ['N', 2, 6, 5]);
  const weights = [input('first', [4, 2, 3, 3]), input('second', [3, 4, 3, 3])] as const;
  const affine = [input('gamma', [4]), input('beta', [4])] as const;
  const pads = [1, 1, 1, 1] as const;
  const { standardized } = standardize(conv(x, weights[0], { pads }), [0, 2, 3]);
  const [gamma, beta] = affine.map((each) => unsqueeze(each, [1, 2]));
  const y = reshape(conv(relu(add(mul(standardized, gamma!), beta!)), weights[1], { pads }), [0, 90]);
  const wrt = [x, ...weights, ...affine];
  const roots = [reduceSum(square(y)), ...gradients(reduceSum(square(y)), wrt)];
  const rewritten = batchLast(roots);
  const flips = nodesOf(topological(rewritten)).filter(
    ({ op, attributes }) => op.type === 'Transpose' && `${attributes.perm}` === '1,0',
  );
  // Of the rows, of what is made of them, and of the gradients of both.
  expect(flips).toHaveLength(4);
  await expectEqual(rewritten, roots, feedsOf(wrt));
});

it('collects the pixels of a convolution once, for it and for the gradient of its weights', () => {
  const x = input('x', ['N', 2, 8, 8]);
  const weight = input('weight', [4, 2, 3, 3]);
  const y = conv(x, weight, { strides: [2, 2], pads: [1, 1, 1, 1] });
  const rewritten = batchLast([y, ...gradients(reduceSum(square(y)), [weight])]);
  expect(typesOf(rewritten).filter((type) => type === 'Gather')).toHaveLength(1);
});

it('leaves a convolution that would collect more than fits into memory, and graphs without any', () => {
  const wide = conv(input('x', ['N', 32, 64, 64]), input('weight', [8, 32, 3, 3]));
  expect(batchLast([wide])).toEqual([wide]);
  const product = gemm(input('a', ['N', 3]), input('b', [3, 2]));
  expect(batchLast([product])).toEqual([product]);
});

async function expectEqual(actual: readonly Value[], roots: readonly Value[], feeds: Feeds) {
  const expected = await inTfjs(roots, feeds);
  const native = await inOnnxruntime(actual, feeds);
  roots.forEach((_, i) => {
    expect(relativeError(native[i]!, expected[i]!)).toBeLessThan(1e-5);
  });
}

function feedsOf(inputs: readonly Input[]): Feeds {
  const source = random(1, 'batch last');
  return new Map(
    inputs.map((each) => {
      const shape = each.shape.map((size) => (size === 'N' ? ROWS : (size as number)));
      const size = shape.reduce((product, dimension) => product * dimension, 1);
      const data = Float32Array.from({ length: size }, () => source.uniform() - 0.5);
      return [each, { dtype: 'float32' as const, shape, data }];
    }),
  );
}

function typesOf(roots: readonly Value[]): string[] {
  return nodesOf(topological(roots)).map(({ op }) => op.type);
}
