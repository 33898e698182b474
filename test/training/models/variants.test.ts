import { describe, expect, it } from 'vitest';
import type { OperationName } from '../../../shared/manifest.ts';
import type { Rows } from '../../../shared/tensor.ts';
import { readArtifact } from '../../../training/artifact/artifact.ts';
import type { Dataset } from '../../../training/data/dataset.ts';
import { sizeOf } from '../../../training/graph/value.ts';
import { VARIANTS, type VariantName } from '../../../training/models/registry.ts';
import type { Settings } from '../../../training/settings.ts';
import { train } from '../../../training/train.ts';
import {
  curve,
  labelled,
  ROW_OPERATIONS,
  tastes,
  temporaryFolder,
  topics,
  withHoles,
} from '../../support/data/data.ts';
import { fullIt, itEach } from '../../support/suites/full.ts';

interface VariantCase {
  readonly settings: Settings<VariantName>;
  /** Factor by which the validation loss must fall below that of the first epoch. */
  readonly factor: number;
  /** Rows on a curve by default. */
  readonly data?: Dataset<Rows>;
  /** Operations of the artifact, if they differ from the other cases of the variant. */
  readonly operations?: readonly OperationName[];
}

/** For steps that take longer than steps of dense layers, but learn more. */
const FEW_STEPS = { epochs: 12, batchSize: 32, learningRate: 0.03 };

const CASES: Readonly<Record<VariantName, readonly VariantCase[]>> = {
  contractive: [
    { settings: { codeSize: 3 }, factor: 2 },
    { settings: { codeSize: 2, hidden: [5], activation: 'tanh', codeActivation: 'linear' }, factor: 2 },
    { settings: { missing: 'mask', codeSize: 3 }, factor: 1.5, data: withHoles(curve(200)) },
    {
      settings: { filters: [2], codeSize: 2, activation: 'tanh', normalization: 'layer', epochs: 8 },
      factor: 2,
      data: shaped([4, 3]),
    },
  ],
  convolutional: [
    { settings: { filters: [4, 2], codeSize: 3 }, factor: 3, data: shaped([7, 5]) },
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
    {
      settings: { missing: 'mask', filters: [4, 2], codeSize: 2 },
      factor: 1.5,
      data: withHoles(shaped([7, 5])),
    },
    {
      settings: { filters: [4], hidden: [6], codeSize: 2, normalization: 'batch', dropout: 0.05, epochs: 10 },
      factor: 2,
      data: shaped([5, 4]),
    },
  ],
  denoising: [
    { settings: { hidden: [8], codeSize: 3, corruption: 'gaussian', corruptionAmount: 0.1 }, factor: 5 },
    { settings: { hidden: [8], codeSize: 3, corruption: 'masking', corruptionAmount: 0.2 }, factor: 2 },
    { settings: { hidden: [8], codeSize: 3, corruption: 'saltAndPepper', corruptionAmount: 0.1 }, factor: 2 },
    { settings: { filters: [4], hidden: [8], codeSize: 3, epochs: 10 }, factor: 2, data: shaped([5, 4]) },
    {
      settings: { missing: 'mask', hidden: [8], codeSize: 3, corruptionAmount: 0.1 },
      factor: 1.5,
      data: withHoles(curve(200)),
    },
  ],
  elsa: [
    { settings: { codeSize: 4 }, factor: 1.1, data: tastes(120) },
    { settings: { codeSize: 8, nonZeros: 2 }, factor: 1.1, data: tastes(120) },
  ],
  recommender: [
    { settings: { hidden: [8], codeSize: 4, betaWarmupEpochs: 5 }, factor: 1.1, data: tastes(120) },
    { settings: { kind: 'mult-dae', hidden: [], codeSize: 4 }, factor: 1.1, data: tastes(120) },
    {
      settings: { kind: 'mult-dae', hidden: [], codeSize: 4, start: 'random' },
      factor: 1.3,
      data: tastes(120),
    },
    {
      settings: { kind: 'mult-dae', hidden: [8, 6], codeSize: 4, itemDropout: 0, weightType: 'float16' },
      factor: 1.3,
      data: tastes(120),
    },
  ],
  sequence: [
    { settings: { ...FEW_STEPS, units: 8, codeSize: 2 }, factor: 3, data: shaped([5]) },
    {
      settings: { ...FEW_STEPS, cell: 'gru', units: 6, codeSize: 3, horizon: 2, loss: 'huber' },
      factor: 3,
      data: shaped([4, 2]),
      operations: ['encode', 'reduce', 'decode', 'forecast'],
    },
  ],
  'similarity-preserving': [
    { settings: { codeSize: 4, residualSize: 8 }, factor: 1.1, data: topics(200) },
    { settings: { codeSize: 6, residualSize: 0, prefixes: [2, 4] }, factor: 1.02, data: topics(400) },
  ],
  sparse: [
    { settings: { hidden: [8], codeSize: 16, sparsityWeight: 1e-3 }, factor: 3 },
    { settings: { hidden: [8], codeSize: 16, sparsity: 'kl', sparsityWeight: 1e-3 }, factor: 2 },
    { settings: { hidden: [8], codeSize: 16, sparsity: 'topk', activeUnits: 3 }, factor: 3 },
    { settings: { hidden: [], codeSize: 16, sparsity: 'batch-topk', activeUnits: 3 }, factor: 3 },
    { settings: { hidden: [], codeSize: 16, sparsity: 'jumprelu', activeUnits: 3 }, factor: 3 },
    { settings: { filters: [4], hidden: [], codeSize: 16, epochs: 10 }, factor: 2, data: shaped([5, 4]) },
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
    { settings: { hidden: [8], codeSize: 2, divergence: 'beta-tc', beta: 4 }, factor: 1.01 },
    { settings: { hidden: [8], codeSize: 2, divergence: 'wae-mmd', beta: 10 }, factor: 1.02 },
    { settings: { hidden: [8], codeSize: 2, conditionSize: 3 }, factor: 1.02, data: labelled(200) },
    {
      settings: { missing: 'mask', hidden: [8], codeSize: 2, likelihood: 'gaussian' },
      factor: 1.005,
      data: withHoles(curve(200)),
    },
    {
      settings: { missing: 'mask', hidden: [8], codeSize: 2, featureWeights: [1, 0, 2, 1, 1, 1] },
      factor: 1.01,
      data: withHoles(curve(200)),
    },
    {
      settings: { filters: [4], hidden: [8], codeSize: 2, epochs: 10 },
      factor: 1.02,
      data: shaped([5, 4]),
    },
  ],
  'vector-quantized': [
    { settings: { hidden: [8], codeSize: 4, embeddingSize: 2, codebookSize: 16 }, factor: 5 },
    { settings: { hidden: [8], codeSize: 4, embeddingSize: 4, codebookSize: 8, levels: 3 }, factor: 5 },
    {
      settings: {
        filters: [4],
        hidden: [],
        codeSize: 2,
        embeddingSize: 1,
        codebookSize: 64,
        commitmentWeight: 1,
        codebookDecay: 0.9,
        loss: 'binary-cross-entropy',
      },
      factor: 1.02,
      data: shaped([7, 5]),
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
    {
      settings: { missing: 'mask', hidden: [8], codeSize: 2, featureWeights: [3, 1, 0, 1, 0.5, 1] },
      factor: 2,
      data: withHoles(curve(200)),
    },
    {
      settings: { hidden: [8], codeSize: 2, normalization: 'batch', tiedWeights: true, epochs: 10 },
      factor: 2,
    },
    { settings: { hidden: [8, 6], codeSize: 2, normalization: 'layer', epochs: 10 }, factor: 2 },
    { settings: { hidden: [16], codeSize: 3, dropout: 0.05, epochs: 10 }, factor: 2 },
    { settings: { hidden: [8], codeSize: 2, initializer: 'glorot', epochs: 12 }, factor: 5 },
    { settings: { hidden: [8], codeSize: 2, initializer: 'he', epochs: 12 }, factor: 5 },
    {
      settings: { hidden: [8], codeSize: 2, initializer: 'lecun', activation: 'selu', epochs: 10 },
      factor: 5,
    },
  ],
};

/** Operations of the artifacts of a variant. */
const OPERATIONS: Readonly<Record<VariantName, readonly OperationName[]>> = {
  contractive: ROW_OPERATIONS,
  convolutional: ROW_OPERATIONS,
  denoising: [...ROW_OPERATIONS, 'denoise'],
  elsa: ['encode', 'reduce', 'decode', 'recommend', 'similar'],
  recommender: ['encode', 'reduce', 'decode', 'recommend', 'similar'],
  sequence: ROW_OPERATIONS,
  'similarity-preserving': ROW_OPERATIONS,
  sparse: ROW_OPERATIONS,
  undercomplete: ROW_OPERATIONS,
  variational: [...ROW_OPERATIONS, 'sample'],
  'vector-quantized': ROW_OPERATIONS,
};

/** The same rows as images or windows. */
function shaped(rowShape: readonly number[]): Dataset {
  return { ...curve(200, sizeOf(rowShape)), rowShape };
}

const TRAINING = { epochs: 30, batchSize: 16, learningRate: 0.01 };

describe.each(Object.keys(VARIANTS) as VariantName[])('variant %s', (variant) => {
  const cases = CASES[variant];
  it('has a case', () => expect(cases.length).toBeGreaterThan(0));

  const run = ({ settings, data = curve(200) }: VariantCase) =>
    train({
      name: 'tiny',
      data,
      variant,
      settings: { ...TRAINING, ...settings },
      // Some train too briefly to beat the mean.
      force: true,
      out: temporaryFolder(),
    });

  itEach(cases, (_, index) => index === 0)('learns, and exports: $settings', async (given) => {
    const { artifact, fit } = await run(given);
    const losses = fit.history.map(({ validation }) => validation.loss);
    expect(losses[0]! / Math.min(...losses)).toBeGreaterThan(given.factor);
    expect(artifact.manifest.variant).toBe(variant);
    expect(artifact.manifest.operations.toSorted()).toEqual(
      (given.operations ?? OPERATIONS[variant]).toSorted(),
    );
    expect(artifact.manifest.recipe.config).toMatchObject(given.settings);
    expect(artifact.manifest.parity.maxAbsDifference).toBeLessThanOrEqual(1e-5);
    expect((await readArtifact(artifact.directory)).manifest).toEqual(artifact.manifest);
  });

  const once = variant === 'variational' ? it : fullIt;
  once('is reproduced byte for byte', async () => {
    const [once, again] = [await run(cases.at(-1)!), await run(cases.at(-1)!)];
    expect(again.artifact.graphs).toEqual(once.artifact.graphs);
  });
});
