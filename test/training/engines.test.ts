import { describe, expect, it } from 'vitest';
import { batches } from '../../training/data/dataset.ts';
import type { Engine } from '../../training/engines/engine.ts';
import { onnxruntime } from '../../training/engines/onnxruntime.ts';
import { ENGINES } from '../../training/engines/registry.ts';
import { tfjsEngine } from '../../training/engines/tfjs/engine.ts';
import { loadTfjs } from '../../training/engines/tfjs/load.ts';
import { RECONSTRUCTION_LOSSES } from '../../training/objectives/reconstruction.ts';
import { curve } from '../support/data.ts';
import { relativeError } from '../support/evaluate.ts';
import { at, program } from '../support/programs.ts';

const { rows } = curve(70);
/** Batches of 16, 16, 16, 16 and 6. */
const BATCHES = [...batches(rows, 16)];

async function trainWith(engine: Engine, loss: string, epochs: number) {
  const settings = { loss: loss as 'mse', activation: 'tanh' as const };
  const session = await engine(program(rows.width, settings), {});
  const losses: number[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const batch of BATCHES) losses.push((await session.train(batch, at(losses.length))).loss);
  }
  const evaluated = await session.evaluate(rows, 0);
  const weights = await session.weights();
  await session.dispose();
  return { losses, evaluated, weights };
}

describe.each(Object.keys(RECONSTRUCTION_LOSSES))('with the loss %s', (loss) => {
  it("onnxruntime's steps are TensorFlow.js's: our autodiff and Adam against its own", async () => {
    const ours = await trainWith(onnxruntime, loss, 4);
    const theirs = await trainWith(tfjsEngine, loss, 4);
    expect(relativeError(ours.losses, theirs.losses)).toBeLessThan(1e-4);
    expect([...ours.weights.keys()]).toEqual([...theirs.weights.keys()]);
    for (const [name, values] of ours.weights) {
      expect(relativeError([...values], [...theirs.weights.get(name)!])).toBeLessThan(1e-3);
    }
    expect(ours.evaluated.loss).toBeCloseTo(theirs.evaluated.loss, 5);
  });
});

describe.each(Object.entries(ENGINES))('engine %s', (_, engine) => {
  it('lowers the loss, and says in one line what runs', async () => {
    const session = await engine(program(rows.width), {});
    expect(session.description).toMatch(/^[^\n]*\d+\.\d+\.\d+[^\n]*$/);
    const before = (await session.evaluate(rows, 0)).loss;
    for (let epoch = 0; epoch < 10; epoch++) for (const batch of BATCHES) await session.train(batch, at(0));
    const after = (await session.evaluate(rows, 0)).loss;
    expect(after).toBeLessThan(before / 3);
    await session.dispose();
  });

  it('changes nothing when it evaluates, and hands out copies of its weights', async () => {
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

it('TensorFlow.js frees every tensor it makes', async () => {
  const { tf } = await loadTfjs();
  const before = tf.memory().numTensors;
  const session = await tfjsEngine(program(rows.width), {});
  await session.train(BATCHES[0]!, at(0));
  const during = tf.memory().numTensors;
  for (const batch of BATCHES) await session.train(batch, at(0));
  await session.evaluate(rows, 0);
  expect(tf.memory().numTensors).toBe(during);
  await session.dispose();
  expect(tf.memory().numTensors).toBe(before);
});
