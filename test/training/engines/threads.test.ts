import { availableParallelism } from 'node:os';
import { expect, it } from 'vitest';
import { threadsFor } from '../../../training/engines/threads.ts';
import { programOf } from '../../../training/fitting/program.ts';
import { convolutional } from '../../../training/models/convolutional.ts';
import { sequence } from '../../../training/models/sequence.ts';
import { undercomplete } from '../../../training/models/undercomplete.ts';
import { createOptimizer } from '../../../training/optimizers/create.ts';
import { resolveSettings } from '../../../training/settings.ts';

const { optimizer } = resolveSettings('undercomplete', {});
const dense = (features: number, hidden: number[]) => {
  const config = undercomplete.config.parse({ hidden, codeSize: 8 });
  return programOf(undercomplete.build(config, features, 1), features, createOptimizer(optimizer), 1);
};

it('one thread trains a small model, all cores a large one or one of large batches', () => {
  expect(threadsFor(dense(30, [64]), 256)).toBe(1);
  expect(threadsFor(dense(30, [64]), 2048)).toBe(availableParallelism());
  expect(threadsFor(dense(784, [128]), 256)).toBe(availableParallelism());
});

it('every step of a sequence counts, although all share few weights', () => {
  const config = sequence.config.parse({ units: 64, codeSize: 8 });
  const model = sequence.build(config, 140, 1, [140, 1]);
  expect(threadsFor(programOf(model, 140, createOptimizer(optimizer), 1), 256)).toBe(availableParallelism());
});

it('a convolution takes a kernel for each number', () => {
  const config = convolutional.config.parse({});
  const model = convolutional.build(config, 784, 1, [28, 28]);
  expect(threadsFor(programOf(model, 784, createOptimizer(optimizer), 1), 64)).toBe(availableParallelism());
});
