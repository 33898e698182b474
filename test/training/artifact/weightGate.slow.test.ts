import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GateError } from '../../../shared/errors.ts';
import type { Rows } from '../../../shared/tensor.ts';
import type { Dataset } from '../../../training/data/dataset.ts';
import { openNative } from '../../../training/engines/inference.ts';
import { WEIGHT_TYPES, type WeightType } from '../../../training/graph/weights/weightTypes.ts';
import type { VariantName } from '../../../training/models/registry.ts';
import type { Settings } from '../../../training/settings.ts';
import { type TrainOptions, train } from '../../../training/train.ts';
import { curve, tastes, temporaryFolder } from '../../support/data/data.ts';
import { relativeError } from '../../support/training/evaluate.ts';

/** Bytes of a graph with the weights as a share of those with float32, and the largest error of its answers. */
const SMALLER: Readonly<
  Record<Exclude<WeightType, 'float32'>, { readonly share: number; readonly off: number }>
> = {
  float16: { share: 0.55, off: 2e-3 },
  int8: { share: 0.36, off: 2e-2 },
};

interface WeightCase {
  readonly variant: VariantName;
  readonly settings: Settings<VariantName>;
  readonly data: Dataset<Rows>;
  readonly metric?: string;
}

const CASES: Readonly<Record<string, WeightCase>> = {
  dense: { variant: 'undercomplete', settings: { hidden: [64], codeSize: 24 }, data: curve(120, 80) },
  convolutional: {
    variant: 'convolutional',
    settings: { filters: [16, 32], codeSize: 16 },
    data: { ...curve(60, 64), rowShape: [8, 8] },
  },
  recurrent: {
    variant: 'sequence',
    settings: { units: 48, codeSize: 16 },
    data: { ...curve(60, 32), rowShape: [8, 4] },
  },
  codebook: {
    variant: 'vector-quantized',
    settings: { hidden: [64], codeSize: 16, embeddingSize: 8, codebookSize: 64 },
    data: curve(120, 80),
  },
  recommender: {
    variant: 'recommender',
    settings: { kind: 'mult-dae', hidden: [64], codeSize: 24, itemDropout: 0 },
    data: tastes(300, 12),
    metric: 'ndcg@100',
  },
};

const TRAINING = { epochs: 2, batchSize: 16, learningRate: 0.005 };

function run({ variant, settings, data }: WeightCase, own: Partial<TrainOptions<VariantName, Rows>>) {
  return train({
    force: true, // trained too briefly to beat the mean
    name: 'small',
    variant,
    data,
    out: temporaryFolder(),
    ...own,
    settings: { ...TRAINING, ...settings, ...own.settings },
  });
}

describe.each(Object.entries(CASES))('smaller weights: %s', (_, each) => {
  it('take less space, give nearly the same answers, and report their cost', async () => {
    const { artifact: wide, split } = await run(each, {});
    expect(wide.manifest.weights).toBeUndefined();
    const metric = each.metric ?? 'mse';
    const rows = 'data' in split.test ? split.test : undefined;
    const codes = async (encoder: Uint8Array) => {
      const model = await openNative(encoder);
      const { code } = await model.run(rows!);
      await model.release();
      return [...code!];
    };
    for (const weightType of Object.keys(WEIGHT_TYPES).filter(
      (type) => type !== 'float32',
    ) as (keyof typeof SMALLER)[]) {
      const { share, off } = SMALLER[weightType];
      const { artifact } = await run(each, { settings: { weightType, weightTolerance: 1 } });
      const { manifest, graphs, directory } = artifact;
      for (const graph of ['encoder', 'decoder', 'autoencoder'] as const)
        expect(graphs[graph].length / wide.graphs[graph].length).toBeLessThan(share);
      const told = manifest.weights!;
      expect(told).toMatchObject({ type: weightType, metric, tolerance: 1 });
      expect(told.float32).toBe(wide.manifest.metrics[metric]);
      expect(told.stored).toBe(manifest.metrics[metric]);
      const worse = (told.stored - told.float32) * (metric === 'mse' ? 1 : -1);
      expect(told.relativeChange).toBeCloseTo(worse / told.float32, 12);
      expect(Math.abs(told.relativeChange)).toBeLessThan(0.05);
      expect(readFileSync(join(directory, 'MODEL_CARD.md'), 'utf8')).toContain(
        `stored as ${weightType}: ${metric}`,
      );
      // Two entries of a codebook may be equally near.
      if (rows && each.variant !== 'vector-quantized')
        expect(relativeError(await codes(graphs.encoder), await codes(wide.graphs.encoder))).toBeLessThan(
          off,
        );
    }
  });
});

describe('weights that make a model worse than allowed', () => {
  const dense = CASES.dense!;
  const refused = { weightType: 'int8', weightTolerance: 0 } as const;

  it('are refused, and another type needs no further training', async () => {
    const out = temporaryFolder();
    // Trained longer than the others, so that rounding matters.
    const settings = { epochs: 40, learningRate: 0.002 };
    const refusing = run(dense, { out, settings: { ...settings, ...refused } });
    await expect(refusing).rejects.toThrow(GateError);
    await expect(refusing).rejects.toThrow(
      /^weights as int8: expected mse on the test rows to be worse by at most 0 % than with float32 weights \([\d.e-]+\), received [\d.e-]+, worse by [\d.]+ %; set weightType .* weightTolerance/,
    );
    let epochs = 0;
    const { artifact } = await run(dense, {
      out,
      settings,
      resume: true,
      onStart: (history) => {
        epochs = history.length;
      },
    });
    expect(epochs).toBe(40);
    expect(artifact.graphs).toEqual((await run(dense, { settings })).artifact.graphs);
  });
});
