import { describe, expect, it } from 'vitest';
import { readArtifact } from '../../training/artifact.ts';
import type { Dataset } from '../../training/data/dataset.ts';
import { sizeOf } from '../../training/graph/value.ts';
import { VARIANTS, type VariantName } from '../../training/models/registry.ts';
import type { Settings } from '../../training/settings.ts';
import { train } from '../../training/train.ts';
import { curve, temporaryFolder } from '../support/data.ts';

interface VariantCase {
  readonly settings: Settings<VariantName>;
  /** The validation loss falls below its first epoch's by this factor. */
  readonly factor: number;
  /** Rows on a curve by default. */
  readonly data?: Dataset;
}

/** Steps that take longer than those of dense layers, and learn more. */
const FEW_STEPS = { epochs: 12, batchSize: 32, learningRate: 0.03 };

const CASES: Readonly<Record<VariantName, readonly VariantCase[]>> = {
  contractive: [
    { settings: { codeSize: 3 }, factor: 2 },
    { settings: { codeSize: 2, hidden: [5], activation: 'tanh', codeActivation: 'linear' }, factor: 2 },
  ],
  convolutional: [
    { settings: { filters: [4, 2], codeSize: 2 }, factor: 3, data: shaped([7, 5]) },
    {
      settings: { filters: [3], kernel: 1, downsampling: 'max', upsampling: 'nearest', codeSize: null },
      factor: 3,
      data: shaped([5, 3, 2]),
    },
    {
      settings: { filters: [4], stride: 3, downsampling: 'average', loss: 'binary-cross-entropy' },
      factor: 1.02,
      data: shaped([6, 6, 1]),
    },
  ],
  denoising: [
    { settings: { hidden: [8], codeSize: 3, corruption: 'gaussian', corruptionAmount: 0.1 }, factor: 5 },
    { settings: { hidden: [8], codeSize: 3, corruption: 'masking', corruptionAmount: 0.2 }, factor: 2 },
    { settings: { hidden: [8], codeSize: 3, corruption: 'saltAndPepper', corruptionAmount: 0.1 }, factor: 2 },
  ],
  sequence: [
    { settings: { ...FEW_STEPS, units: 8, codeSize: 2 }, factor: 3, data: shaped([5]) },
    {
      settings: { ...FEW_STEPS, cell: 'gru', units: 6, codeSize: 3, horizon: 2, loss: 'huber' },
      factor: 3,
      data: shaped([4, 2]),
    },
  ],
  sparse: [
    { settings: { hidden: [8], codeSize: 16, sparsityWeight: 1e-3 }, factor: 3 },
    { settings: { hidden: [8], codeSize: 16, sparsity: 'kl', sparsityWeight: 1e-3 }, factor: 2 },
  ],
  variational: [
    { settings: { hidden: [8], codeSize: 2 }, factor: 1.02 },
    {
      settings: {
        hidden: [8],
        codeSize: 2,
        likelihood: 'gaussian',
        beta: 0.5,
        betaWarmupEpochs: 5,
        freeBits: 0.1,
      },
      factor: 1.02,
    },
  ],
  undercomplete: [
    { settings: { hidden: [8], codeSize: 2, activation: 'tanh' }, factor: 10 },
    { settings: { hidden: [], codeSize: 3 }, factor: 10 },
    { settings: { hidden: [8], codeSize: 2, tiedWeights: true, activation: 'tanh' }, factor: 5 },
    { settings: { hidden: [8], decoderHidden: [4, 9], codeSize: 2, loss: 'huber' }, factor: 5 },
    { settings: { hidden: [8], codeSize: 2, loss: 'mae', activation: 'gelu' }, factor: 2 },
    {
      settings: { hidden: [8, 6, 4], codeSize: 2, activation: 'sigmoid', codeActivation: 'tanh' },
      factor: 1.5,
    },
    { settings: { hidden: [8], codeSize: 2, loss: 'binary-cross-entropy' }, factor: 1.02 },
  ],
};

/** The same rows as images or windows. */
function shaped(rowShape: readonly number[]): Dataset {
  return { ...curve(200, sizeOf(rowShape)), rowShape };
}

const TRAINING = { epochs: 30, batchSize: 16, learningRate: 0.01 };

describe.each(Object.keys(VARIANTS) as VariantName[])('variant %s', (variant) => {
  const cases = CASES[variant];
  it('has a case', () => expect(cases.length).toBeGreaterThan(0));

  it.each(cases)(
    'learns, exports, and is reproduced byte for byte: $settings',
    async ({ settings, factor, data = curve(200) }) => {
      const run = () =>
        train({
          name: 'tiny',
          data,
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
