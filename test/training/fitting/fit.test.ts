import { describe, expect, it } from 'vitest';
import { DivergedError } from '../../../shared/errors.ts';
import { permutation, random } from '../../../shared/random.ts';
import { takeRows } from '../../../training/data/batches.ts';
import { splitDataset } from '../../../training/data/split.ts';
import type { Losses, TrainingSession } from '../../../training/engines/engine.ts';
import { onnxruntime } from '../../../training/engines/onnxruntime.ts';
import { ENGINES } from '../../../training/engines/registry.ts';
import {
  epochsWithoutGain,
  evaluateLosses,
  fit as fitModel,
  type Snapshot,
} from '../../../training/fitting/fit.ts';
import { curve } from '../../support/data/data.ts';
import { program } from '../../support/training/programs.ts';

const parts = splitDataset(curve(200), { validation: 0.2, test: 0.1 }, 1);
/** The training rows, copied. */
const trainRows = takeRows(
  parts.train,
  parts.train.indices.map((_, i) => i),
);
const options = { train: parts.train, validation: parts.validation, batchSize: 32, seed: 1 };

describe('fit', () => {
  it('keeps the weights of the best epoch, by validation loss', async () => {
    // A learning rate far too high makes the loss jump, so that the last epoch is not the best.
    const session = await onnxruntime(program(6, {}, 0.3), {});
    const result = await fitModel(session, { ...options, epochs: 25 });
    const losses = result.history.map(({ validation }) => validation.loss);
    const best = Math.min(...losses);
    expect(result.history.map(({ epoch }) => epoch)).toEqual(losses.map((_, i) => i + 1));
    expect(result.bestEpoch).toBe(losses.indexOf(best) + 1);
    expect(result.bestEpoch).toBeLessThan(25);
    await session.dispose();

    const again = await onnxruntime(program(6, {}, 0.3), {});
    const upToBest = await fitModel(again, { ...options, epochs: result.bestEpoch });
    expect(upToBest.weights).toEqual(result.weights);
    expect((await evaluateLosses(again, parts.validation, 32)).loss).toBe(best);
    await again.dispose();
  });

  it('shuffles by seed: the same seed gives the same history, and another seed a different one', async () => {
    const history = async (seed: number) => {
      const session = await onnxruntime(program(6), {});
      const result = await fitModel(session, { ...options, epochs: 2, seed });
      await session.dispose();
      return result.history;
    };
    const first = await history(1);
    expect(await history(1)).toEqual(first);
    expect(await history(2)).not.toEqual(first);
  });

  it('stops after the batches in progress when aborted, with the best weights so far', async () => {
    const session = await onnxruntime(program(6), {});
    const perRun = session.stepsAtOnce(4);
    expect(parts.train.rowCount).toBeGreaterThan(2 * perRun * 4);
    const interrupt = new AbortController();
    const batches: number[] = [];
    const result = await fitModel(session, {
      ...options,
      batchSize: 4,
      epochs: 10,
      signal: interrupt.signal,
      onProgress: (epoch, share) => {
        batches.push(epoch);
        if (epoch === 2 && share > (perRun * 4) / parts.train.rowCount) interrupt.abort();
      },
    });
    expect(result.interrupted).toBe(true);
    expect(result.bestEpoch).toBe(1);
    expect(result.history).toHaveLength(1);
    expect(batches.filter((epoch) => epoch === 2)).toHaveLength(2);
    await session.dispose();
  });

  it('reports shares of the epoch that end at 1, with a last batch that is smaller', async () => {
    const session = await onnxruntime(program(6), {});
    const shares: number[] = [];
    await fitModel(session, { ...options, epochs: 1, onProgress: (_, share) => shares.push(share) });
    expect(parts.train.rowCount % 32).not.toBe(0);
    // All whole batches at once, then the last one.
    expect(shares).toEqual([Math.floor(parts.train.rowCount / 32) / Math.ceil(parts.train.rowCount / 32), 1]);
    await session.dispose();
  });

  it('leaves out a last batch of one row, from which batch normalisation would learn a variance of 0', async () => {
    const session = await onnxruntime(program(6, { normalization: 'batch' }), {});
    const batchSize = parts.train.rowCount - 1;
    await fitModel(session, { ...options, batchSize, epochs: 1 });
    const variances = [...(await session.state())].filter(([name]) => name.endsWith('running_variance'));
    await session.dispose();
    expect(variances.length).toBeGreaterThan(0);
    // One step keeps 0.9 of the 1 that they start from; a second one without variance would leave 0.9 of that.
    for (const value of variances.flatMap(([, values]) => [...values])) expect(value).toBeGreaterThan(0.9);
  });

  it.each(Object.entries(ENGINES))(
    'stops with an error that names the epoch, the step and the largest gradient in %s',
    async (_, engine) => {
      const session = await engine(program(6, {}, 10), {});
      const data = trainRows.data.slice();
      // In the epoch's second batch, whichever that is: the first one is fine.
      const order = permutation(parts.train.rowCount, random(1, 'shuffle/1'));
      data[order[32]! * 6] = 1e30;
      const before = await session.weights();
      const saved: Snapshot[] = [];
      const checkpoint = { every: 1, save: async (snapshot: Snapshot) => void saved.push(snapshot) };
      const run = fitModel(session, { ...options, train: { ...trainRows, data }, epochs: 3, checkpoint });
      await expect(run).rejects.toThrow(DivergedError);
      await expect(run).rejects.toThrow(
        /the loss became (Infinity|NaN) in epoch 1, step 2: expected a finite number; the largest gradient there is (\d\S+|Infinity|NaN), of '(en|de)coder\/dense_\d\/(weight|bias)'; lower learningRate/,
      );
      expect(saved).toEqual([]);
      // The first step changed the weights; the second, which failed, left them numbers.
      const after = await session.weights();
      expect(after).not.toEqual(before);
      for (const values of after.values()) expect(values.every(Number.isFinite)).toBe(true);
      await session.dispose();
    },
  );

  it('stops with an error if the validation loss is not finite, before it saves that epoch', async () => {
    const session = await onnxruntime(program(6), {});
    const { of } = parts.validation;
    const checkpoint = { every: 1, save: () => Promise.reject(new Error('saved')) };
    const validation = { ...parts.validation, of: { ...of, data: of.data.map((value) => value * 1e30) } };
    await expect(fitModel(session, { ...options, validation, epochs: 3, checkpoint })).rejects.toThrow(
      /the validation loss became Infinity in epoch 1, step 5: .* gradient there is \d/,
    );
    await session.dispose();
  });

  it('stops early after as many epochs without gain as patience allows, with the best weights', async () => {
    const session = await onnxruntime(program(6, {}, 0.3), {});
    const result = await fitModel(session, { ...options, epochs: 100, patience: 4, minDelta: 1e-4 });
    const losses = result.history.map(({ validation }) => validation.loss);
    expect(result).toMatchObject({ stoppedEarly: true, interrupted: false });
    expect(losses.length).toBeLessThan(100);
    expect(epochsWithoutGain(losses, 1e-4)).toBe(4);
    expect(epochsWithoutGain(losses.slice(0, -1), 1e-4)).toBe(3);
    expect(result.bestEpoch).toBe(losses.indexOf(Math.min(...losses)) + 1);
    await session.dispose();

    const again = await onnxruntime(program(6, {}, 0.3), {});
    const whole = await fitModel(again, { ...options, epochs: result.bestEpoch });
    expect(whole.stoppedEarly).toBe(false);
    expect(whole.weights).toEqual(result.weights);
    await again.dispose();
  });

  it('saves a snapshot at the interval and after the last epoch', async () => {
    const session = await onnxruntime(program(6), {});
    const saved: number[] = [];
    const save = async ({ history }: Snapshot) => void saved.push(history.length);
    await fitModel(session, { ...options, epochs: 7, checkpoint: { every: 3, save } });
    expect(saved).toEqual([3, 6, 7]);
    await session.dispose();
  });
});

it.each([
  [[], 0, 0],
  [[3], 0, 0],
  [[3, 3, 3], 0, 2],
  [[3, 2, 2.5], 0, 1],
  [[3, 2.95, 2.9, 2.85], 0.1, 0],
  [[3, 2.95, 2.91], 0.1, 2],
])('counts the epochs without gain in %j by more than %f: %i', (losses, minDelta, expected) => {
  expect(epochsWithoutGain(losses, minDelta)).toBe(expected);
});

it('evaluates many rows as one batch would', async () => {
  const session = await onnxruntime(program(6), {});
  const whole: Losses = await session.evaluate(trainRows, 0);
  const parted = await evaluateLosses(session as TrainingSession, parts.train, 17);
  expect(parted.loss).toBeCloseTo(whole.loss, 6);
  await session.dispose();
});
