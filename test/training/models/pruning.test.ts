/** Magnitude pruning against sorted columns, and its gradient and schedule. */
import { expect, it } from 'vitest';
import { random } from '../../../shared/random.ts';
import { gradients } from '../../../training/graph/autodiff.ts';
import { mul } from '../../../training/graph/ops/arithmetic.ts';
import { reduceSum } from '../../../training/graph/ops/broadcast.ts';
import type { Input, Tensor } from '../../../training/graph/types.ts';
import { constant, input, int64s } from '../../../training/graph/value.ts';
import { pruned, pruningSchedule } from '../../../training/models/pruning.ts';
import { inOnnxruntime } from '../../support/training/evaluate.ts';

const [ROWS, COLUMNS, COUNT] = [7, 5, 3];
const source = random(3, 'pruning');
const drawn = () => Float32Array.from({ length: ROWS * COLUMNS }, () => source.uniform() - 0.5);
const values = drawn();
const weight = input('weight', [ROWS, COLUMNS]);
const feeds = new Map<Input, Tensor>([[weight, { dtype: 'float32', shape: [ROWS, COLUMNS], data: values }]]);

it('keeps the values of largest magnitude of each column, and passes the gradient of all', async () => {
  const outer = drawn();
  const factors = constant({ dtype: 'float32', shape: [ROWS, COLUMNS], data: outer });
  const left = pruned(weight, int64s([COUNT]));
  const [gradient] = gradients(reduceSum(mul(left, factors)), [weight]);
  const [found, passed] = await inOnnxruntime([left, gradient!], feeds);
  for (let column = 0; column < COLUMNS; column++) {
    const own = Array.from({ length: ROWS }, (_, row) => values[row * COLUMNS + column]!);
    const least = own.map(Math.abs).sort((a, b) => b - a)[COUNT - 1]!;
    own.forEach((value, row) => {
      const expected = Math.abs(value) >= least ? value : 0;
      expect(found![row * COLUMNS + column]).toBeCloseTo(expected, 6);
      if (expected === 0) expect(found![row * COLUMNS + column]).toBe(0);
    });
  }
  expect(passed).toEqual([...outer]);
});

it('prunes by the same factor in each step of the first half, and then no more', () => {
  const left = pruningSchedule(256, 16);
  const at = (step: number) => left({ step, stepsPerEpoch: 8, epochs: 10 });
  expect([0, 10, 20, 30, 40, 41, 79].map(at)).toEqual([256, 128, 64, 32, 16, 16, 16]);
});
