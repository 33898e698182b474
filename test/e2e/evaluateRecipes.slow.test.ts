/** Every recipe's model is evaluated on the data that it was trained on, wherever that lies. */
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { evaluationData, measuredRows } from '../../scripts/cli/evaluationData.ts';
import { trainRecipe } from '../../scripts/cli/training.ts';
import type { Rows } from '../../shared/tensor.ts';
import { evaluateArtifact } from '../../training/artifact/evaluateArtifact.ts';
import { RECIPES } from '../../training/recipes/registry.ts';
import { keptFolder, temporaryFolder } from '../support/data/data.ts';
import { writePublishedLike } from '../support/data/publishedLike.ts';
import { pumpSeries } from '../support/data/series.ts';

const folder = keptFolder();
const elsewhere = keptFolder();
const table = join(folder, 'table.csv');

/** What each recipe takes as --data; undefined for none. */
const LOCATIONS: Readonly<Record<keyof typeof RECIPES, string | undefined>> = {
  digits: undefined,
  'digits-vae': undefined,
  ...Object.fromEntries(
    Object.keys(RECIPES)
      .filter((name) => name.startsWith('mnist'))
      .map((name) => [name, 'mnist']),
  ),
  'regression-features': 'make-regression',
  rain: 'rain/weatherAUS.csv.gz',
  'rain-mixed': 'rain/weatherAUS.csv.gz',
  'rain-numbers': 'rain/weatherAUS.csv.gz',
  ecg: 'ecg5000',
  'ecg-forecast': 'ecg5000',
  recommend: 'orders.csv',
  'recommend-elsa': 'orders.csv',
  movies: 'movielens-small',
  tabular: 'table.csv',
  embeddings: 'vectors.csv',
  'embeddings-sparse': 'vectors.csv',
  anomaly: 'anomaly/cardio.csv',
  windows: 'series.csv',
} as Record<keyof typeof RECIPES, string | undefined>;

const SMALL: Readonly<Record<string, readonly string[]>> = {
  recommend: ['codeSize=4'],
  'recommend-elsa': ['codeSize=4'],
  movies: ['codeSize=4'],
  embeddings: ['codeSize=4', 'batchSize=32'],
  'embeddings-sparse': ['codeSize=12', 'activeUnits=3', 'batchSize=32'],
  'ecg-forecast': ['units=4', 'codeSize=2'],
};

/** Trained on figures of other sizes, whose variants have settings of their own. */
const run = (name: string, data?: string) =>
  trainRecipe<Rows>(
    name,
    {
      ...{ out: temporaryFolder(), engine: 'onnxruntime', seed: 1, threads: 1, force: true },
      ...(data !== undefined && { data }),
      set: ['epochs=2', ...(SMALL[name] ?? [])],
    },
    () => undefined,
  );

beforeAll(() => {
  writePublishedLike(folder);
  const lines = Array.from({ length: 120 }, (_, i) => `${Math.sin(i / 9)},${i % 5},${i % 3 ? 'a' : 'b'}`);
  writeFileSync(table, ['wave,day,site', ...lines].join('\n'));
  const orders = Array.from(
    { length: 300 },
    (_, i) => `${i % 50},item${(7 * (i % 50) + Math.floor(i / 50)) % 20}`,
  );
  writeFileSync(join(folder, 'orders.csv'), ['customer,product', ...orders].join('\n'));
  const vectors = Array.from({ length: 200 }, (_, row) =>
    Array.from({ length: 8 }, (_, i) => Math.sin((row % 10) * i + row / 50)),
  );
  writeFileSync(join(folder, 'series.csv'), pumpSeries(400, [330, 360]).join('\n'));
  const names = vectors[0]!.map((_, i) => `v${i}`);
  writeFileSync(join(folder, 'vectors.csv'), [names, ...vectors].map((row) => row.join(',')).join('\n'));
  cpSync(folder, elsewhere, { recursive: true });
});
afterEach(() => vi.unstubAllEnvs());

it.each(Object.entries(LOCATIONS))('recipe %s', async (name, location) => {
  // The published data is not where it was, so only what the manifest recorded leads to it.
  vi.stubEnv('LATENTEDGE_DATA', '/nowhere');
  const { artifact } = await run(name, location && join(folder, location));
  const { manifest } = artifact;
  const data = await evaluationData(manifest);
  const { metrics, rows } = await evaluateArtifact(artifact, data, 'heldOut');
  expect(rows).toBe(manifest.data.rows.test);
  expect(manifest.metrics).toMatchObject(metrics);
  if (location === undefined) return;

  // A copy holds the same rows, whatever it is called; a published test set has not been trained on.
  const copy = join(elsewhere, location);
  const same = await evaluationData(manifest, copy);
  const expected = same.test === undefined ? 'trained on' : 'held out';
  expect(await measuredRows(manifest, same, copy)).toBe(expected);
  const { metrics: all } = await evaluateArtifact(artifact, same, 'all');
  for (const value of Object.values(all)) expect(value).toSatisfy(Number.isFinite);
});

it('has a location for every recipe', () => {
  expect(Object.keys(LOCATIONS).sort()).toEqual(Object.keys(RECIPES).sort());
});
