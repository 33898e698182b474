import { expect, it } from 'vitest';
import { ENGINES } from '../../../training/engines/registry.ts';
import { programOf } from '../../../training/fitting/program.ts';
import type { Variant } from '../../../training/models/model.ts';
import { VARIANTS, type VariantName } from '../../../training/models/registry.ts';
import { createOptimizer } from '../../../training/optimizers/create.ts';
import { resolveSettings } from '../../../training/settings.ts';
import { curve } from '../../support/data/data.ts';
import { relativeError } from '../../support/training/evaluate.ts';
import { at } from '../../support/training/programs.ts';

/** Settings that a variant requires for rows of 3 x 2 values, which may be an image, a window or items. */
const NEEDED: Partial<Record<VariantName, object>> = {
  convolutional: { filters: [2] },
  recommender: { hidden: [4] },
  sequence: { units: 4, horizon: 1 },
  'vector-quantized': { hidden: [4], embeddingSize: 2, codebookSize: 8 },
};

it.each(Object.keys(VARIANTS) as VariantName[])('%s takes the same steps in every engine', async (name) => {
  const { rows } = curve(16);
  const settings = resolveSettings(name, { codeSize: 2, learningRate: 0.01, ...NEEDED[name] });
  const variant: Variant = VARIANTS[name];
  const model = variant.build(settings.model, rows.width, 1, [3, 2]);
  const losses: number[][] = [];
  for (const engine of Object.values(ENGINES)) {
    const session = await engine(programOf(model, rows.width, createOptimizer(settings.optimizer), 1), {});
    const own: number[] = [];
    for (let step = 0; step < 4; step++) own.push((await session.train(rows, at(step)))[0]!.loss);
    await session.dispose();
    losses.push(own);
  }
  const [ours, theirs] = losses as [number[], number[]];
  expect(ours.every(Number.isFinite)).toBe(true);
  expect(new Set(ours).size).toBeGreaterThan(1);
  expect(relativeError(ours, theirs)).toBeLessThan(1e-3);
});
