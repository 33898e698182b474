import { describe, expect, it } from 'vitest';
import { batches } from '../../../training/data/batches.ts';
import type { Engine, Program } from '../../../training/engines/engine.ts';
import { onnxruntime } from '../../../training/engines/onnxruntime.ts';
import { ENGINES } from '../../../training/engines/registry.ts';
import { tfjsEngine } from '../../../training/engines/tfjs/engine.ts';
import { loadTfjs } from '../../../training/engines/tfjs/load.ts';
import type { Weights } from '../../../training/graph/types.ts';
import { RECONSTRUCTION_LOSSES } from '../../../training/objectives/reconstruction.ts';
import { createOptimizer } from '../../../training/optimizers/create.ts';
import { OPTIMIZERS, type OptimizerName } from '../../../training/optimizers/registry.ts';
import { resolveSettings, type Settings } from '../../../training/settings.ts';
import { curve } from '../../support/data/data.ts';
import { relativeError } from '../../support/training/evaluate.ts';
import { at, program } from '../../support/training/programs.ts';

const { rows } = curve(70);
/** Batches of 16, 16, 16, 16 and 6. */
const BATCHES = [...batches(rows, 16)];

async function trainWith(engine: Engine, prepared: Program, epochs: number) {
  const session = await engine(prepared, {});
  const losses: number[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const batch of BATCHES) losses.push((await session.train(batch, at(losses.length)))[0]!.loss);
  }
  const evaluated = await session.evaluate(rows, 0);
  const weights = await session.weights();
  await session.dispose();
  return { losses, evaluated, weights };
}

describe.each(Object.keys(RECONSTRUCTION_LOSSES))('with the loss %s', (loss) => {
  it('onnxruntime takes the same steps as TensorFlow.js, which has its own autodiff and Adam', async () => {
    const settings = { loss: loss as 'mse', activation: 'tanh' as const };
    const ours = await trainWith(onnxruntime, program(rows.width, settings), 4);
    const theirs = await trainWith(tfjsEngine, program(rows.width, settings), 4);
    expect(relativeError(ours.losses, theirs.losses)).toBeLessThan(1e-4);
    expect([...ours.weights.keys()]).toEqual([...theirs.weights.keys()]);
    for (const [name, values] of ours.weights) {
      expect(relativeError([...values], [...theirs.weights.get(name)!])).toBeLessThan(1e-3);
    }
    expect(ours.evaluated.loss).toBeCloseTo(theirs.evaluated.loss, 5);
  });
});

const LAYERS: readonly Settings<'undercomplete'>[] = [
  { normalization: 'batch' },
  { normalization: 'layer' },
  { dropout: 0.3 },
  { normalization: 'batch', dropout: 0.2, hidden: [8, 5], tiedWeights: true },
  { normalization: 'batch', filters: [3, 2], dropout: 0.1, upsampling: 'nearest' },
  { normalization: 'layer', filters: [3], downsampling: 'average' },
];

it.each(LAYERS)('engines agree on every weight, statistic and loss with %j', async (settings) => {
  // Batch normalisation cancels the bias of a linear code: its gradient is rounding noise, which Adam would scale up.
  const config = { activation: 'tanh', codeActivation: 'tanh', ...settings } as const;
  const ours = await trainWith(onnxruntime, program(rows.width, config, 1e-3, [3, 2]), 3);
  const theirs = await trainWith(tfjsEngine, program(rows.width, config, 1e-3, [3, 2]), 3);
  expect(relativeError(ours.losses, theirs.losses)).toBeLessThan(1e-4);
  expect([...ours.weights.keys()]).toEqual([...theirs.weights.keys()]);
  for (const [name, values] of ours.weights) {
    expect(relativeError([...values], [...theirs.weights.get(name)!]), name).toBeLessThan(1e-3);
  }
  const isStatistic = (name: string) => name.includes('/running_');
  expect([...ours.weights.keys()].some(isStatistic)).toBe(settings.normalization === 'batch');
  expect(ours.evaluated.loss).toBeCloseTo(theirs.evaluated.loss, 5);
});

describe.each(Object.entries(ENGINES))('engine %s', (_, engine) => {
  it('lowers the loss, and describes itself in one line', async () => {
    const session = await engine(program(rows.width), {});
    expect(session.description).toMatch(/^[^\n]*\d+\.\d+\.\d+[^\n]*$/);
    const before = (await session.evaluate(rows, 0)).loss;
    for (let epoch = 0; epoch < 10; epoch++) for (const batch of BATCHES) await session.train(batch, at(0));
    const after = (await session.evaluate(rows, 0)).loss;
    expect(after).toBeLessThan(before / 3);
    await session.dispose();
  });

  it('changes nothing when it evaluates, and returns copies of its weights', async () => {
    const session = await engine(program(rows.width), {});
    await session.train(BATCHES[0]!, at(0));
    const weights = await session.weights();
    const kept = new Map([...weights].map(([name, values]) => [name, values.slice()]));
    await session.evaluate(rows, 0);
    expect(await session.weights()).toEqual(kept);
    await session.train(BATCHES[1]!, at(1));
    expect(weights).toEqual(kept);
    expect(await session.weights()).not.toEqual(kept);
    await session.dispose();
  });
});

it('the gradients of a step are the same in every engine, before clipping, and cost no update', async () => {
  const gradients = await Promise.all(
    Object.values(ENGINES).map(async (engine) => {
      const session = await engine(program(rows.width), {});
      const before = await session.state();
      const result = await session.gradients(BATCHES[0]!, at(0));
      expect(await session.state()).toEqual(before);
      await session.dispose();
      return result;
    }),
  );
  const [ours, theirs] = gradients as [Weights, Weights];
  expect([...ours.keys()]).toEqual(program(rows.width).parameters.map(({ name }) => name));
  for (const [name, values] of ours) {
    expect(relativeError([...values], [...theirs.get(name)!])).toBeLessThan(1e-4);
  }
});

it.each(Object.entries(ENGINES))('%s refuses the state of another program', async (_, engine) => {
  const other = await engine(program(rows.width + 1), {});
  const session = await engine(program(rows.width), {});
  await expect(session.restore(await other.state())).rejects.toThrow(
    /state: expected \d+ values for '.*', received \d+; restore the state of the same program/,
  );
  await expect(session.restore(new Map([['a', Float32Array.of(1)]]))).rejects.toThrow(/received only a;/);
  await Promise.all([session.dispose(), other.dispose()]);
});

describe.each(Object.entries(ENGINES))('%s', (_, engine) => {
  // Batch normalisation has statistics of its own, dropout noise, and the warm-up a schedule: all of them go on from step to step.
  const settings = resolveSettings('undercomplete', { schedule: 'cosine', warmupEpochs: 2 });
  const prepared = {
    ...program(rows.width, { normalization: 'batch', dropout: 0.2 }),
    optimizer: createOptimizer(settings.optimizer),
  };
  const four = { ...rows, rowCount: 64 };
  const progress = { step: 3, stepsPerEpoch: 5, epochs: 9 };

  it('gives bit-identical results for several steps at once and one by one', async () => {
    const [together, alone] = [await engine(prepared, {}), await engine(prepared, {})];
    const losses = await together.train(four, progress, 4);
    const one = BATCHES.slice(0, 4).map((batch, i) => () => alone.train(batch, { ...progress, step: 3 + i }));
    const each: unknown[] = [];
    for (const step of one) each.push(...(await step()));
    expect(losses).toHaveLength(4);
    expect(losses).toEqual(each);
    expect(await together.state()).toEqual(await alone.state());
    await Promise.all([together.dispose(), alone.dispose()]);
  });

  it('ends with the first loss that is not finite, as if that step had not run', async () => {
    const [together, alone] = [await engine(prepared, {}), await engine(prepared, {})];
    const broken = {
      ...four,
      data: rows.data.map((value, i) => (i === 40 * rows.width ? Number.NaN : value)),
    };
    const losses = await together.train(broken, progress, 4);
    expect(losses.map(({ loss }) => Number.isFinite(loss))).toEqual([true, true, false]);
    await alone.train({ ...four, rowCount: 32 }, progress, 2);
    expect(await together.state()).toEqual(await alone.state());
    await Promise.all([together.dispose(), alone.dispose()]);
  });
});

it.each(Object.keys(OPTIMIZERS) as OptimizerName[])(
  'TensorFlow.js frees every tensor it makes, with %s',
  async (optimizer) => {
    const { tf } = await loadTfjs();
    const before = tf.memory().numTensors;
    const settings = resolveSettings('undercomplete', { optimizer, clipNorm: 1, clipValue: 1, l2: 0.1 });
    const prepared = { ...program(rows.width), optimizer: createOptimizer(settings.optimizer) };
    const session = await tfjsEngine(prepared, {});
    await session.train(BATCHES[0]!, at(0));
    const during = tf.memory().numTensors;
    for (const batch of BATCHES) await session.train(batch, at(0));
    await session.evaluate(rows, 0);
    await session.gradients(rows, at(0));
    const state = await session.state();
    expect(tf.memory().numTensors).toBe(during);
    await session.dispose();
    expect(tf.memory().numTensors).toBe(before);
    const resumed = await tfjsEngine(prepared, {});
    await resumed.restore(state);
    expect(tf.memory().numTensors).toBe(during);
    await resumed.dispose();
    expect(tf.memory().numTensors).toBe(before);
  },
);
