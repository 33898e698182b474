/** The ensemble's graph, with its trees and nearest rows, in every runtime of the Worker. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { buildWorker } from '../../scripts/worker/build.ts';
import { bundleModels } from '../../scripts/worker/bundle.ts';
import type { Artifact } from '../../training/artifact/artifact.ts';
import { rowScores } from '../../training/evaluate/metrics/reconstruction.ts';
import { pickRaw } from '../../training/preprocess/preprocessing.ts';
import { anomaly } from '../../training/recipes/anomaly.ts';
import { train } from '../../training/train.ts';
import { keptFolder, temporaryFolder } from '../support/data/data.ts';
import { plantedTable } from '../support/data/planted.ts';
import { startEdgeWorker } from '../support/edge/edgeWorker.ts';

const out = keptFolder();
let artifact: Artifact;
let rows: Record<string, unknown>[];
/** By onnxruntime-node. */
let expected: Float32Array;

beforeAll(async () => {
  const { csv } = plantedTable('category', 400);
  const shares = { validation: 0.1, test: 0.3 };
  const file = join(out, 'orders.csv');
  writeFileSync(file, csv);
  const data = await anomaly.data(file, { shares, seed: 1 });
  const settings = { ...anomaly.settings, epochs: 5 };
  ({ artifact } = await train({ force: true, name: 'orders', variant: 'denoising', data, settings, out }));
  expected = await rowScores(artifact.graphs.autoencoder!, pickRaw(data.preprocessing!, data.parts!.test));
  const [names, ...lines] = csv.split('\n').map((line) => line.split(','));
  rows = Array.from(data.parts!.test, (row) =>
    Object.fromEntries(lines[row]!.map((value, i) => [names![i]!, parsed(value)])),
  );
});

it.each(['stock', 'slim', 'frozen'] as const)(
  'scores alike in the %s runtime',
  { timeout: 90_000 },
  async (runtime) => {
    const folder = temporaryFolder();
    const workload = { batchSizes: [1, 8], errors: false };
    const models = await bundleModels([artifact], join(folder, 'bundle'), { runtime, workload });
    const worker = await startEdgeWorker(await buildWorker(join(folder, 'worker'), models));
    onTestFinished(() => worker.dispose());
    for (const count of [1, 8]) {
      const response = await worker.post('/v1/models/orders/score', { rows: rows.slice(0, count) });
      expect(response.status).toBe(200);
      const { scores } = (await response.json()) as { scores: { score: number }[] };
      expect(scores).toHaveLength(count);
      scores.forEach(({ score }, row) => {
        // The limit of parity.
        const difference = Math.abs(score - expected[row]!);
        expect(difference).toBeLessThan(1e-5 * Math.max(...expected));
      });
    }
  },
);

function parsed(value: string): unknown {
  if (value === 'true' || value === 'false') return value === 'true';
  return Number.isNaN(Number(value)) ? value : Number(value);
}
