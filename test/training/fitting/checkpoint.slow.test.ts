import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DivergedError, InputError } from '../../../shared/errors.ts';
import { ENGINES, type EngineName } from '../../../training/engines/registry.ts';
import { checkpointPath, checkpointStore } from '../../../training/fitting/checkpoint.ts';
import type { Epoch, Snapshot } from '../../../training/fitting/fit.ts';
import { jsonLines } from '../../../training/fitting/history.ts';
import { OPTIMIZERS, type OptimizerName } from '../../../training/optimizers/registry.ts';
import { type TrainOptions, train } from '../../../training/train.ts';
import { curve, temporaryFolder } from '../../support/data/data.ts';

const losses = { loss: 0.1 + 0.2, reconstructionLoss: 1 / 3, regularisationLoss: 5e-324 };
const snapshot: Snapshot = {
  history: [{ epoch: 1, train: losses, validation: losses }],
  state: new Map([
    ['a', Float32Array.of(1, Number.NaN, -0)],
    ['none', new Float32Array(0)],
    ['b', Float32Array.of(1e-45)],
  ]),
  best: { epoch: 1, weights: new Map([['a', Float32Array.of(7, 8, 9)]]) },
};
const identity = { seed: 1, engine: 'x 1.0', 'setting hidden': [8] };

describe('a checkpoint', () => {
  const store = (folder: string, own: Record<string, unknown> = identity) =>
    checkpointStore(checkpointPath(folder, 'model'), own);

  it('holds every bit, in a hidden folder that is removed with it', async () => {
    const folder = temporaryFolder();
    expect(await store(folder).load()).toBeUndefined();
    await store(folder).save(snapshot);
    await store(folder).save(snapshot);
    expect(await store(folder).load()).toEqual(snapshot);
    expect(readdirSync(join(folder, 'model', '.checkpoint'))).toEqual(['latest']);
    await store(folder).remove();
    expect(readdirSync(join(folder, 'model'))).toEqual([]);
  });

  it.each([
    [{ ...identity, seed: 2 }, /another run: expected seed 2, received 1; resume with the same/],
    [{ ...identity, 'setting hidden': [9] }, /expected setting hidden \[9\], received \[8\]/],
    [{ seed: 1, engine: 'x 1.0' }, /expected setting hidden undefined, received \[8\]/],
  ])('is refused by a run that differs: %o', async (other, message) => {
    const folder = temporaryFolder();
    await store(folder).save(snapshot);
    await expect(store(folder, other).load()).rejects.toThrow(InputError);
    await expect(store(folder, other).load()).rejects.toThrow(message);
  });

  it.each<[string, (bytes: Buffer) => Buffer]>([
    ['cut short', (bytes) => bytes.subarray(0, -5)],
    ['empty', () => Buffer.alloc(0)],
    ['changed', (bytes) => Buffer.concat([bytes.subarray(0, 60), Buffer.of(1), bytes.subarray(61)])],
  ])('is refused when it is %s', async (_, damage) => {
    const folder = temporaryFolder();
    await store(folder).save(snapshot);
    const { path } = store(folder);
    writeFileSync(path, damage(readFileSync(path)));
    await expect(store(folder).load()).rejects.toThrow(
      /latest: expected an undamaged checkpoint, .*; start without --resume/,
    );
  });

  it('leaves the last one alone when writing fails', async () => {
    const folder = temporaryFolder();
    await store(folder).save(snapshot);
    const broken = { ...snapshot, state: new Map([['a', undefined as unknown as Float32Array]]) };
    await expect(store(folder).save(broken)).rejects.toThrow();
    expect(await store(folder).load()).toEqual(snapshot);
    expect(readdirSync(dirname(store(folder).path))).toEqual(['latest']);
  });
});

describe('a resumed run', () => {
  class Crash extends Error {}
  const SETTINGS = { hidden: [8], codeSize: 2, epochs: 6, batchSize: 32, learningRate: 0.02 };

  function run(out: string, options: Partial<TrainOptions> = {}) {
    return train({ force: true, name: 'curve', data: curve(150), settings: SETTINGS, out, ...options });
  }

  /** Ends the run, as a crash would, after some batches of an epoch. */
  const crashIn = (epoch: number) => (current: number, share: number) => {
    if (current === epoch && share > 0.4) throw new Crash();
  };

  it.each(
    (Object.keys(ENGINES) as EngineName[]).flatMap((engine) =>
      (Object.keys(OPTIMIZERS) as OptimizerName[]).map((optimizer) => [engine, optimizer] as const),
    ),
  )('has the version of one that was never interrupted: %s, %s', async (engine, optimizer) => {
    const schedule = { schedule: 'plateau', plateauPatience: 1, clipNorm: 1 } as const;
    const layers = { normalization: 'batch', dropout: 0.1 } as const;
    const settings = { ...SETTINGS, ...schedule, ...layers, optimizer };
    const whole = await run(temporaryFolder(), { engine, settings });
    const out = temporaryFolder();
    for (const epoch of [1, 3, 6]) {
      const crashing = run(out, { engine, settings, resume: true, onProgress: crashIn(epoch) });
      await expect(crashing).rejects.toThrow(Crash);
    }
    const seen: number[] = [];
    const resumed = await run(out, {
      engine,
      settings,
      resume: true,
      onStart: (history) => seen.push(...history.map(({ epoch }) => epoch)),
    });
    expect(seen).toEqual([1, 2, 3, 4, 5]);
    expect(resumed.artifact.graphs).toEqual(whole.artifact.graphs);
    expect(resumed.artifact.manifest.version).toBe(whole.artifact.manifest.version);
    expect(readdirSync(join(out, 'curve'))).toEqual([whole.artifact.manifest.version]);
  });

  it.each(['denoising', 'variational'] as const)('draws the same noise again: %s', async (variant) => {
    const settings = { hidden: [8], codeSize: 2, epochs: 4, batchSize: 32 };
    const noisy = (out: string, options: Partial<TrainOptions<typeof variant>> = {}) =>
      train({ force: true, name: 'noisy', data: curve(150), variant, settings, out, ...options });
    const whole = await noisy(temporaryFolder());
    const out = temporaryFolder();
    await expect(noisy(out, { onProgress: crashIn(3) })).rejects.toThrow(Crash);
    const resumed = await noisy(out, { resume: true });
    expect(resumed.artifact.manifest.version).toBe(whole.artifact.manifest.version);
  });

  it('ends the same if checkpoints are rarer, and if patience ends training', async () => {
    const settings = { ...SETTINGS, epochs: 60, checkpointEvery: 4, patience: 3, learningRate: 0.2 };
    const whole = await run(temporaryFolder(), { settings });
    expect(whole.fit.stoppedEarly).toBe(true);
    const out = temporaryFolder();
    await expect(run(out, { settings, onProgress: crashIn(7) })).rejects.toThrow(Crash);
    const starts: number[] = [];
    const onStart = (history: readonly Epoch[]) => starts.push(history.length);
    const resumed = await run(out, { settings, resume: true, onStart });
    expect(starts).toEqual([4]);
    expect(resumed.artifact.manifest.version).toBe(whole.artifact.manifest.version);
  });

  it('is refused with other settings, seed or data', async () => {
    const out = temporaryFolder();
    await expect(run(out, { onProgress: crashIn(2) })).rejects.toThrow(Crash);
    const resume = true;
    await expect(run(out, { resume, seed: 2 })).rejects.toThrow(/expected seed 2, received 1/);
    await expect(run(out, { resume, data: curve(151) })).rejects.toThrow(/expected data "/);
    await expect(run(out, { resume, settings: { ...SETTINGS, epochs: 9 } })).rejects.toThrow(
      /expected setting epochs 9, received 6/,
    );
    await expect(run(out, { resume, engine: 'tfjs' })).rejects.toThrow(/expected engine "TensorFlow.js/);
  });

  it('continues after Ctrl-C, which keeps its checkpoint', async () => {
    const out = temporaryFolder();
    const interrupt = new AbortController();
    const onProgress = (epoch: number) => epoch === 3 && interrupt.abort();
    const { fit } = await run(out, { signal: interrupt.signal, onProgress });
    expect(fit).toMatchObject({ interrupted: true, stoppedEarly: false });
    const whole = await run(temporaryFolder());
    const resumed = await run(out, { resume: true });
    expect(resumed.artifact.manifest.version).toBe(whole.artifact.manifest.version);
    expect(existsSync(checkpointPath(out, 'curve'))).toBe(false);
  });

  it('writes no checkpoints if checkpointEvery is 0', async () => {
    const out = temporaryFolder();
    const settings = { ...SETTINGS, checkpointEvery: 0 };
    await expect(run(out, { settings, onProgress: crashIn(3) })).rejects.toThrow(Crash);
    expect(existsSync(join(out, 'curve'))).toBe(false);
  });

  it('keeps the last good checkpoint if the loss becomes NaN or infinite', async () => {
    const out = temporaryFolder();
    // The learning rate grows until the weights explode.
    const growing = { schedule: 'cosine', warmupEpochs: 60, learningRate: 8, momentum: 0 } as const;
    const settings = { ...SETTINGS, ...growing, activation: 'tanh', optimizer: 'sgd', epochs: 60 } as const;
    const epochs: number[] = [];
    const onEpoch = ({ epoch }: Epoch) => epochs.push(epoch);
    const diverging = run(out, { settings, onEpoch });
    await expect(diverging).rejects.toThrow(DivergedError);
    await expect(diverging).rejects.toThrow(new RegExp(`in epoch ${epochs.length + 1}, step \\d`));
    expect(epochs.length).toBeGreaterThan(0);
    const starts: number[] = [];
    const onStart = (history: readonly Epoch[]) => starts.push(history.length);
    await expect(run(out, { settings, resume: true, onStart })).rejects.toThrow(DivergedError);
    expect(starts).toEqual([epochs.length]);
    expect(readdirSync(join(out, 'curve'))).toEqual(['.checkpoint']);
  });

  it('rewrites its history as JSON lines from the checkpoint on', async () => {
    const out = temporaryFolder();
    const file = join(out, 'history.jsonl');
    const lines = () =>
      readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
    const settings = { ...SETTINGS, checkpointEvery: 2 };
    const crashing = run(out, { settings, onProgress: crashIn(4), ...jsonLines(file) });
    await expect(crashing).rejects.toThrow(Crash);
    expect(lines()).toHaveLength(3);
    const { fit } = await run(out, { settings, resume: true, ...jsonLines(file) });
    expect(lines()).toEqual(fit.history);
    mkdirSync(join(out, 'folder'));
    await expect(run(out, jsonLines(join(out, 'folder')))).rejects.toThrow(/folder: the history cannot be/);
  });
});
