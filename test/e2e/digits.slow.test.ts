import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { buildWorker } from '../../scripts/worker/build.ts';
import { bundleModels } from '../../scripts/worker/bundle.ts';
import { startWorker } from '../../scripts/worker/worker.ts';
import { takeRows } from '../../training/data/batches.ts';
import { digits } from '../../training/data/digits.ts';
import { openNative } from '../../training/engines/inference.ts';
import { digits as recipe } from '../../training/recipes/digits.ts';
import { train } from '../../training/train.ts';
import { temporaryFolder } from '../support/data/data.ts';
import { fetchFresh } from '../support/edge/fetchFresh.ts';

it('encode in workerd equals onnxruntime-node to 1e-5 on 64 held-out digits', async () => {
  const out = temporaryFolder();
  const settings = { ...recipe.settings, epochs: 3 };
  const { artifact, split } = await train({ name: 'digits', data: await digits(), settings, out });
  const models = await bundleModels([artifact], join(out, 'bundle'));
  const worker = await startWorker(await buildWorker(join(out, 'worker'), models));
  onTestFinished(() => worker.dispose());

  const heldOut = takeRows(
    split.test,
    Uint32Array.from({ length: 64 }, (_, i) => i),
  );
  const encoder = await openNative(artifact.graphs.encoder);
  const { code: expected } = await encoder.run(heldOut);
  await encoder.release();

  const response = await fetchFresh(new URL('/v1/models/digits/encode', worker.url), {
    method: 'POST',
    headers: { 'Content-Type': 'application/octet-stream' },
    body: heldOut.data,
  });
  expect(response.status).toBe(200);
  const actual = new Float32Array(await response.arrayBuffer());
  expect(actual).toHaveLength(64 * 32);
  const differences = actual.map((value, i) => Math.abs(value - expected![i]!));
  expect(Math.max(...differences)).toBeLessThanOrEqual(1e-5);
  expect(Math.max(...actual.map(Math.abs))).toBeGreaterThan(1);
});
