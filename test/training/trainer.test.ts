import { describe, expect, it } from 'vitest';
import { split } from '../../training/data/dataset.ts';
import type { Losses, TrainingSession } from '../../training/engines/engine.ts';
import { onnxruntime } from '../../training/engines/onnxruntime.ts';
import { DivergedError, evaluate, fit as fitModel } from '../../training/trainer.ts';
import { curve } from '../support/data.ts';
import { program } from '../support/programs.ts';

const parts = split(curve(200), { validation: 0.2, test: 0.1 }, 1);
const options = { train: parts.train, validation: parts.validation, batchSize: 32, seed: 1 };

describe('fit', () => {
  it('keeps the weights of the best epoch, by validation loss', async () => {
    // A learning rate far too high makes the loss jump about, so that the last epoch is not the best.
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
    expect((await evaluate(again, parts.validation, 32)).loss).toBe(best);
    await again.dispose();
  });

  it('shuffles by seed: the same seed gives the same history, another seed another', async () => {
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

  it('stops before the next batch when aborted, with the best weights so far', async () => {
    const session = await onnxruntime(program(6), {});
    const interrupt = new AbortController();
    const batches: number[] = [];
    const result = await fitModel(session, {
      ...options,
      epochs: 10,
      signal: interrupt.signal,
      onProgress: (epoch, share) => {
        batches.push(epoch);
        if (epoch === 2 && share > 0.3) interrupt.abort();
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
    expect(shares).toHaveLength(Math.ceil(parts.train.rowCount / 32));
    expect(shares.at(-1)).toBe(1);
    await session.dispose();
  });

  it('stops with an error that names the epoch and the step when the loss is no number', async () => {
    const session = await onnxruntime(program(6, {}, 10), {});
    const huge = { ...parts.train, data: parts.train.data.map((value) => value * 1e19) };
    const run = fitModel(session, { ...options, train: huge, epochs: 3 });
    await expect(run).rejects.toThrow(DivergedError);
    await expect(run).rejects.toThrow(/in epoch 1, step \d: expected a finite number/);
    await session.dispose();
  });
});

it('evaluates many rows as one batch would', async () => {
  const session = await onnxruntime(program(6), {});
  const whole: Losses = await session.evaluate(parts.train, 0);
  const parted = await evaluate(session as TrainingSession, parts.train, 17);
  expect(parted.loss).toBeCloseTo(whole.loss, 6);
  await session.dispose();
});
