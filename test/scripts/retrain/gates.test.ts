import { describe, expect, it } from 'vitest';
import type { GateInput } from '../../../scripts/retrain/gates/gate.ts';
import { GATES, type GateName } from '../../../scripts/retrain/gates/registry.ts';
import type { VersionComparison } from '../../../scripts/retrain/metrics/compareVersions.ts';
import type { Manifest } from '../../../shared/manifest.ts';
import { RECIPES } from '../../../training/recipes/registry.ts';
import { linearArtifact } from '../../support/artifacts/linearArtifact.ts';

const { manifest } = linearArtifact();
const drop = { champion: 1, challenger: 1, drop: 0, low: -0.01, high: 0.01 };
const comparison: VersionComparison = { rows: 100, drops: { mse: drop }, surprise: 1 };

/** Champion and challenger are the same model, which passes every gate. */
function judged(change: Partial<Manifest> = {}, others: Partial<GateInput> = {}): GateInput {
  return {
    challenger: { ...manifest, metrics: { mse: 0.2 }, ...change },
    champion: { ...manifest, metrics: { mse: 0.2 } },
    comparison,
    prepared: {
      recipe: RECIPES.rain,
      engine: 'onnxruntime',
      settings: {},
      data: {
        source: 'test',
        rowShape: [1],
        featureNames: null,
        rows: { data: new Float32Array(2), rowCount: 2, width: 1 },
      },
    },
    limits: {},
    allowBreaking: false,
    ...others,
  };
}

const moved = (by: number): Manifest['features'] => {
  const { statistics } = manifest.features;
  const mean = statistics.mean.map((each, i) => each! + by * statistics.standardDeviation[i]!);
  return { ...manifest.features, statistics: { ...statistics, mean } };
};
const withDrop = (high: number) => ({ comparison: { ...comparison, drops: { mse: { ...drop, high } } } });
const labelled = (rows: number[]) => {
  const { prepared } = judged();
  return { prepared: { ...prepared, data: { ...prepared.data, labels: { classes: ['no', 'yes'], rows } } } };
};

/** For each gate, a case that it refuses and one that just passes. */
const CASES: Readonly<Record<GateName, { refused: GateInput[]; passed: GateInput[] }>> = {
  data: {
    refused: [
      judged(
        {},
        { champion: { ...manifest, data: { ...manifest.data, rows: { ...manifest.data.rows, train: 3 } } } },
      ),
      judged({}, labelled([0, 0, -1])),
    ],
    passed: [judged({}, labelled([0, 1]))],
  },
  schema: {
    refused: [
      judged({ features: { ...manifest.features, names: ['b', 'a', 'c', 'd', 'e', 'f'] } }),
      judged({ codeSize: 3 }),
      judged({ operations: ['encode'] }),
      judged({ prediction: { target: 'another', predictor: 'linear' } }),
    ],
    passed: [
      judged({ operations: [...manifest.operations, 'similar'] }),
      judged({ codeSize: 3 }, { allowBreaking: true }),
    ],
  },
  drift: { refused: [judged({ features: moved(0.6) })], passed: [judged({ features: moved(0.4) })] },
  familiar: {
    refused: [judged({}, { comparison: { ...comparison, surprise: 5 } })],
    passed: [judged({}, { comparison: { ...comparison, surprise: 3 } })],
  },
  champion: {
    refused: [
      judged({}, withDrop(0.06)),
      judged({}, withDrop(Number.NaN)),
      judged({}, { comparison: 'other columns' }),
      judged({}, { comparison: { ...comparison, drops: {} } }),
    ],
    passed: [judged({}, withDrop(0.04)), judged({}, { ...withDrop(0.06), limits: { mse: 0.07 } })],
  },
  recorded: { refused: [judged({ metrics: { mse: 0.31 } })], passed: [judged({ metrics: { mse: 0.29 } })] },
  pca: {
    refused: [judged({ baselines: { pca: { mse: 0.1 } } })],
    passed: [
      judged({ baselines: { pca: { mse: 0.3 } } }),
      judged(
        { baselines: { pca: { mse: 0.1 } } },
        { prepared: { ...judged().prepared, recipe: RECIPES.tabular } },
      ),
    ],
  },
  parity: {
    refused: [judged({ parity: { ...manifest.parity, maxScaledDifference: 1 } })],
    passed: [judged()],
  },
  budget: {
    refused: [
      judged({
        graphs: { ...manifest.graphs, encoder: { ...manifest.graphs.encoder, bytes: 17 * 2 ** 20 } },
      }),
    ],
    passed: [judged()],
  },
};

describe.each(Object.entries(GATES))('gate %s', (name, gate) => {
  const { refused, passed } = CASES[name as GateName];
  const limit = 'limit' in gate ? gate.limit : 0;

  it('refuses, and reports its figures', async () => {
    for (const each of refused) {
      const verdict = await gate.judge(each, limit);
      expect(verdict).toMatchObject({ passed: false, figures: expect.stringMatching(/\S/) });
    }
  });

  it('passes', async () => {
    for (const each of passed) expect(await gate.judge(each, limit)).toMatchObject({ passed: true });
  });

  it('passes the first version of a model', async () => {
    const first = { ...judged(), champion: undefined, comparison: undefined };
    expect((await gate.judge(first, limit))?.passed ?? true).toBe(true);
  });
});
