import { describe, expect, it } from 'vitest';
import { random } from '../../../shared/random.ts';
import { gradients } from '../../../training/graph/autodiff.ts';
import { add } from '../../../training/graph/ops/arithmetic.ts';
import { reduceSum } from '../../../training/graph/ops/broadcast.ts';
import { CELLS, type CellName } from '../../../training/graph/ops/cells.ts';
import { concat, split } from '../../../training/graph/ops/concat.ts';
import { square } from '../../../training/graph/ops/powers.ts';
import { lstmOp } from '../../../training/graph/ops/recurrent.ts';
import { scan } from '../../../training/graph/ops/scan.ts';
import type { Input, Tensor, Value } from '../../../training/graph/types.ts';
import { apply, input } from '../../../training/graph/value.ts';
import { evaluationContext, trainingContext } from '../../../training/layers/layer.ts';
import { orthogonalWeight } from '../../../training/layers/orthogonal.ts';
import { recurrent } from '../../../training/layers/recurrent.ts';
import {
  initialWeights,
  inOnnxruntime,
  relativeError,
  tfjsGradients,
} from '../../support/training/evaluate.ts';

const BATCH = 2;

function feedsOf(inputs: readonly Input[]): ReadonlyMap<Input, Tensor> {
  const source = random(3, 'sequences');
  const tensors = inputs.map((each) => {
    const shape = each.shape.map((size) => (typeof size === 'string' ? BATCH : size));
    const size = shape.reduce((product, dimension) => product * dimension, 1);
    const data = Float32Array.from({ length: size }, () => 2 * source.uniform() - 1);
    return [each, { dtype: 'float32' as const, shape, data }] as const;
  });
  return new Map(tensors);
}

describe.each(Object.keys(CELLS) as CellName[])('a layer of %s cells', (cell) => {
  const layer = recurrent({ name: 'layer', cell, inputs: 2, units: 3, seed: 1 });
  const sequence = input('sequence', [5, 'N', 2]);
  const x = input('x', ['N', 2]);

  it('computes the same in training and in evaluation, along a sequence and along a repeated value', async () => {
    const values = (context: ReturnType<typeof evaluationContext>): Value[] => {
      const [along, repeating] = [layer.over(sequence, context), layer.repeating(x, 4, context)];
      return [along.hidden, along.last, repeating.hidden, repeating.last];
    };
    const feeds = feedsOf([sequence, x]);
    const [unrolled, native] = [values(trainingContext()), values(evaluationContext())];
    const expected = await inOnnxruntime(native, feeds, initialWeights(native));
    const actual = await inOnnxruntime(unrolled, feeds, initialWeights(unrolled));
    actual.forEach((each, i) => {
      expect(each).toHaveLength(expected[i]!.length);
      expect(relativeError(each, expected[i]!)).toBeLessThan(1e-5);
    });
    expect(unrolled.map(({ shape }) => shape)).toEqual(native.map(({ shape }) => shape));
  });

  it('differentiates its own gradient', async () => {
    const weights = [
      input('weight', [3, CELLS[cell].gates * 3]),
      ...Array.from({ length: CELLS[cell].biasCount }, (_, i) => input(`bias_${i}`, [CELLS[cell].gates * 3])),
    ];
    const projected = input('projected', [3, 'N', CELLS[cell].gates * 3]);
    const { stacked } = scan({
      states: Array.from({ length: CELLS[cell].stateCount }, () => h),
      scanned: [projected],
      captured: weights,
      step: ({ states, scanned: [each], captured: [weight, ...biases] }) => {
        const next = CELLS[cell].next({ projected: each!, states, weight: weight!, biases });
        return { states: next, outputs: [next[0]!] };
      },
    });
    const wrt = [h, projected, ...weights];
    const first = gradients(reduceSum(square(stacked[0]!)), wrt);
    const target = first.map((each) => reduceSum(square(each))).reduce(add);
    const actual = await inOnnxruntime(gradients(target, wrt), feedsOf(wrt));
    const expected = await tfjsGradients(target, wrt, feedsOf(wrt));
    actual.forEach((each, i) => {
      expect(relativeError(each, expected[i]!)).toBeLessThan(1e-3);
    });
  });
});

const h = input('h', ['N', 3]);

it('starts with recurrent weights that preserve the norm of the state', () => {
  const wide = orthogonalWeight('wide', [3, 12], 1).initial;
  const tall = orthogonalWeight('tall', [5, 2], 1).initial;
  const product = (length: number, a: (i: number) => number, b: (i: number) => number) =>
    Array.from({ length }, (_, i) => a(i) * b(i)).reduce((sum, each) => sum + each, 0);
  for (const [i, j] of [0, 1, 2].flatMap((i) => [0, 1, 2].map((j) => [i, j] as const))) {
    const ofRows = product(
      12,
      (k) => wide[i * 12 + k]!,
      (k) => wide[j * 12 + k]!,
    );
    expect(ofRows).toBeCloseTo(i === j ? 1 : 0, 6);
    if (i === 2 || j === 2) continue;
    const ofColumns = product(
      5,
      (k) => tall[k * 2 + i]!,
      (k) => tall[k * 2 + j]!,
    );
    expect(ofColumns).toBeCloseTo(i === j ? 1 : 0, 6);
  }
});

it('errors name the operator, the problem and the inputs', () => {
  const x = input('x', ['N', 4]);
  expect(() => concat([x, h], 0)).toThrow(
    "Concat: cannot be joined along axis 0: received 'x' float32[N, 4] and 'h' float32[N, 3]",
  );
  expect(() => split(x, [1, 2], 1)).toThrow(
    "Split: cannot be split into sizes [1,2] along axis 1: received 'x' float32[N, 4]",
  );
  const step = () => ({ states: [x], outputs: [] });
  expect(() => scan({ states: [h], scanned: [input('s', [2, 3])], step })).toThrow(
    'Scan: the next states have other shapes than the states',
  );
  expect(() => scan({ states: [h], scanned: [], step })).toThrow(
    'Scan: needs scanned inputs with equal numbers of steps',
  );
  expect(() => apply(lstmOp, [x, x, x, x], { hidden_size: 3 })).toThrow(
    "LSTM: needs a sequence and the weights of 3 units: received 'x' float32[N, 4]",
  );
});
