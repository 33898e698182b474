/** Recipes on real data, trained briefly and asked in workerd for rows that they have not seen. */
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { trainRecipe } from '../../scripts/cli/training.ts';
import { buildWorker } from '../../scripts/worker/build.ts';
import { bundleModels } from '../../scripts/worker/bundle.ts';
import { type RunningWorker, startWorker } from '../../scripts/worker/worker.ts';
import type { Matrix, SparseMatrix } from '../../shared/tensor.ts';
import { takeRows } from '../../training/data/batches.ts';
import { columnsOf } from '../../training/data/entries.ts';
import { openNative } from '../../training/engines/inference.ts';
import { graphRanker } from '../../training/evaluate/metrics/graphRanking.ts';
import type { Trained } from '../../training/train.ts';
import { keptFolder } from '../support/data/data.ts';
import { realData } from '../support/data/realData.ts';
import { fetchFresh } from '../support/edge/fetchFresh.ts';

const folder = keptFolder();
let [films, beats, ends]: [Trained<SparseMatrix>?, Trained?, Trained?] = [];
let worker: RunningWorker | undefined;

beforeAll(async () => {
  vi.stubEnv('LATENTEDGE_DATA', dirname(realData('ecg5000')));
  const run = (set: string[]) => ({ out: folder, engine: 'onnxruntime', seed: 1, force: true, set });
  const quiet = () => undefined;
  films = await trainRecipe<SparseMatrix>('movies', run(['epochs=2', 'codeSize=32']), quiet);
  beats = await trainRecipe('ecg', run(['epochs=2']), quiet);
  ends = await trainRecipe('ecg-forecast', run(['epochs=1']), quiet);
  const models = await bundleModels(
    [films, beats, ends].map(({ artifact }) => artifact),
    join(folder, 'bundle'),
    // What one request of a few rows needs.
    { workload: { batchSizes: [1, 2, 3], errors: false } },
  );
  worker = await startWorker(await buildWorker(join(folder, 'worker'), models));
});
afterAll(() => worker?.dispose());

async function ask<Answer>(path: string, body: object): Promise<Answer> {
  const response = await fetchFresh(new URL(`/v1/models/${path}`, worker!.url), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Answer;
}

const heldOut = ({ split }: Trained, count = 3): Matrix =>
  takeRows(
    split.test,
    Uint32Array.from({ length: count }, (_, i) => i),
  );
const rowsOf = ({ data, rowCount, width }: Matrix): number[][] =>
  Array.from({ length: rowCount }, (_, row) => Array.from(data.subarray(row * width, (row + 1) * width)));

interface Ranked {
  readonly items: { readonly item: string; readonly score: number }[];
  readonly basedOn: string;
}

it('films are recommended to a held-out user by their ids, within filters, and to a stranger by popularity', async () => {
  const { artifact, split } = films!;
  const { names, statistics } = artifact.manifest.features;
  const given = columnsOf(split.test, 0);
  const { rank, release } = await graphRanker(artifact.graphs.recommend!);
  const [expected] = await rank([given], 30);
  await release();
  const ids = (numbers: readonly number[]) => numbers.map((number) => names![number]!);
  const had = ids(given).map(Number);
  const { items, basedOn } = await ask<Ranked>('movies/recommend', { items: had, k: 10 });
  expect(basedOn).toBe('items');
  expect(items.map(({ item }) => item)).toEqual(ids(expected!.slice(0, 10)));
  const filters = { allow: ids(expected!.slice(5, 25)), deny: ids(expected!.slice(5, 8)) };
  const filtered = await ask<Ranked>('movies/recommend', { items: had, k: 3, ...filters });
  expect(filtered.items.map(({ item }) => item)).toEqual(ids(expected!.slice(8, 11)));

  const stranger = await ask<Ranked>('movies/recommend', { items: [], k: 1 });
  expect(stranger).toMatchObject({
    basedOn: 'popularity',
    items: [{ score: expect.closeTo(Math.max(...(statistics.mean as number[])), 6) }],
  });
  const similar = await ask<Ranked>('movies/similar', { item: had[0]!, k: 5 });
  expect(similar.items).toHaveLength(5);
});

it('heartbeats of the test set get the errors and the alarms that training measured', async () => {
  const { artifact } = beats!;
  const rows = heldOut(beats!);
  const native = await openNative(artifact.graphs.autoencoder);
  const { error } = await native.run(rows);
  await native.release();
  const { threshold } = artifact.manifest.reconstructionError;
  const { scores } = await ask<{ scores: { error: number; isAnomaly: boolean }[] }>('ecg/score', {
    rows: rowsOf(rows),
  });
  expect(scores.map((each) => each.error)).toEqual(Array.from(error!, (each) => expect.closeTo(each, 4)));
  expect(scores.map(({ isAnomaly }) => isAnomaly)).toEqual(Array.from(error!, (each) => each > threshold));
  expect(Object.keys(artifact.manifest.metrics)).toEqual(
    expect.arrayContaining(['alarm-accuracy', 'alarm-precision', 'alarm-recall', 'roc-auc']),
  );
});

it('the end of a heartbeat is forecast from its beginning', async () => {
  const { artifact } = ends!;
  const history = rowsOf(heldOut(ends!)).map((row) => row.slice(0, 100));
  const native = await openNative(artifact.graphs.forecast!);
  const { forecast } = await native.run({ data: Float32Array.from(history.flat()), rowCount: 3, width: 100 });
  await native.release();
  const { forecasts } = await ask<{ forecasts: number[][] }>('ecg-forecast/forecast', { rows: history });
  expect(forecasts.flat()).toEqual(Array.from(forecast!, (value) => expect.closeTo(value, 4)));
  expect(Object.keys(artifact.manifest.baselines)).toEqual(['persistence', 'linear', 'mean', 'untrained']);
});
