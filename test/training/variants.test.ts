import { describe, expect, it } from 'vitest';
import { readArtifact } from '../../training/artifact.ts';
import { VARIANTS, type VariantName } from '../../training/models/registry.ts';
import type { Settings } from '../../training/settings.ts';
import { train } from '../../training/train.ts';
import { curve, temporaryFolder } from '../support/data.ts';

interface VariantCase {
  readonly settings: Settings<VariantName>;
  /** The validation loss falls below its first epoch's by this factor. */
  readonly factor: number;
}

const CASES: Readonly<Record<VariantName, readonly VariantCase[]>> = {
  undercomplete: [
    { settings: { hidden: [8], codeSize: 2, activation: 'tanh' }, factor: 10 },
    { settings: { hidden: [], codeSize: 3 }, factor: 10 },
    {
      settings: { hidden: [8, 6, 4], codeSize: 2, activation: 'sigmoid', codeActivation: 'tanh' },
      factor: 1.5,
    },
    { settings: { hidden: [8], codeSize: 2, loss: 'binary-cross-entropy' }, factor: 1.02 },
  ],
};

const TRAINING = { epochs: 30, batchSize: 16, learningRate: 0.01 };

describe.each(Object.keys(VARIANTS) as VariantName[])('variant %s', (variant) => {
  const cases = CASES[variant];
  it('has a case', () => expect(cases.length).toBeGreaterThan(0));

  it.each(cases)(
    'learns, exports, and is reproduced byte for byte: $settings',
    async ({ settings, factor }) => {
      const run = () =>
        train({
          name: 'tiny',
          data: curve(200),
          variant,
          settings: { ...TRAINING, ...settings },
          out: temporaryFolder(),
        });
      const { artifact, fit } = await run();
      const losses = fit.history.map(({ validation }) => validation.loss);
      expect(losses[0]! / Math.min(...losses)).toBeGreaterThan(factor);
      expect(artifact.manifest.variant).toBe(variant);
      expect(artifact.manifest.recipe.config).toMatchObject(settings);
      expect(artifact.manifest.parity.maxAbsDifference).toBeLessThanOrEqual(1e-5);
      expect((await readArtifact(artifact.directory)).manifest).toEqual(artifact.manifest);
      expect((await run()).artifact.graphs).toEqual(artifact.graphs);
    },
  );
});
