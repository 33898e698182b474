/** The recipe `embeddings` on sentence embeddings, in a third of its epochs. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { trainRecipe } from '../../../scripts/cli/training.ts';
import { temporaryFolder } from '../../support/data/data.ts';
import { realData } from '../../support/data/realData.ts';

it('keeps more neighbours in 64 dimensions than any projection', async () => {
  const run = {
    data: join(realData('embeddings'), 'minilm-wordnet.npy'),
    ...{ out: temporaryFolder(), engine: 'onnxruntime', seed: 1, set: ['epochs=8'] },
  };
  const { artifact } = await trainRecipe('embeddings', run, () => undefined);
  const { metrics, baselines } = artifact.manifest;
  expect(metrics['recall@10'], 'recall@10').toBeGreaterThan(0.63);
  // Measured by NumPy, with 18,000 rows to search among.
  expect(baselines.pca!['recall@10']).toBeCloseTo(0.581, 1);
  expect(baselines.svd!['recall@10']).toBeCloseTo(0.585, 1);
  expect(metrics['recall@10-int8']).toBeGreaterThan(metrics['recall@10']! - 0.005);
}, 120_000);
