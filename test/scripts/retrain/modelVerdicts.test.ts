/** For each gate on the challenger, models that it refuses and models that just pass. */
import { describe, expect, it } from 'vitest';
import type { ModelInput } from '../../../scripts/retrain/gates/gate.ts';
import { adviceAfter } from '../../../scripts/retrain/gates/judging.ts';
import { MODEL_GATES } from '../../../scripts/retrain/gates/registry.ts';
import type { JournalEntry } from '../../../scripts/retrain/journal.ts';
import type { ModelComparison, VersionComparison } from '../../../scripts/retrain/metrics/compareVersions.ts';
import type { Aliases } from '../../../shared/aliases.ts';
import type { FileTensors, Manifest } from '../../../shared/manifest.ts';
import { RECIPES } from '../../../training/recipes/registry.ts';
import { linearArtifact } from '../../support/artifacts/linearArtifact.ts';

const { manifest } = linearArtifact();
const drop = { champion: 1, challenger: 1, drop: 0, low: -0.01, high: 0.01 };
const versions: VersionComparison = {
  ...{ rows: 1000, heldOut: 1000, unseen: 1000, drops: { mse: drop } },
  familiarity: { excess: 0.02, rows: 1000, flagged: 0.01 },
};
/** The errors of answers that need no model. */
const of = (pca: number, mean: number) => ({ pca: { mse: pca }, mean: { mse: mean } });
const comparison: ModelComparison = {
  versions,
  past: { rows: 1000, champion: 0.01, challenger: 0.02 },
};

/** Champion and challenger are the same model, which passes every gate. */
function judged(change: Partial<Manifest> = {}, others: Partial<ModelInput> = {}): ModelInput {
  return {
    challenger: { ...manifest, metrics: { mse: 0.2 }, ...change },
    champion: { ...manifest, metrics: { mse: 0.2 } },
    comparison,
    prepared: {
      recipe: RECIPES.rain,
      engine: 'onnxruntime',
      splitSeed: 1,
      settings: {},
      data: {
        source: 'test',
        rowShape: [1],
        featureNames: null,
        rows: { data: new Float32Array(2), rowCount: 2, width: 1 },
      },
    },
    history: [],
    limits: {},
    allowBreaking: false,
    ...others,
  };
}

const withLayout = (rowShape: number[], imageLayout: Manifest['features']['imageLayout']): Manifest => ({
  ...manifest,
  features: { ...manifest.features, rowShape, imageLayout },
});
/** The champion takes RGB images of 2 x 1 pixels with channels first. */
/** A challenger with graphs of these sizes. */
function withBytes(
  bytes: Readonly<Partial<Record<'encoder' | 'decoder' | 'autoencoder', number>>>,
): ModelInput {
  const sized = Object.entries(bytes).map(([name, each]) => [
    name,
    { ...manifest.graphs.encoder, bytes: each },
  ]);
  return judged({ graphs: { ...manifest.graphs, ...Object.fromEntries(sized) } });
}

const judgedOnImages = (...layout: Parameters<typeof withLayout>) =>
  judged({ features: withLayout(...layout).features }, { champion: withLayout([3, 1, 2], 'CHW') });

const moved = (by: number): Manifest['features'] => {
  const { statistics } = manifest.features;
  const mean = statistics.mean.map((each, i) => each! + by * statistics.standardDeviation[i]!);
  return { ...manifest.features, statistics: { ...statistics, mean } };
};
const withVersions = (change: Partial<VersionComparison>) => ({
  comparison: { ...comparison, versions: { ...versions, ...change } },
});
const withDrop = (worse: Partial<typeof drop>) => withVersions({ drops: { mse: { ...drop, ...worse } } });
const recommending = (own: number) => ({
  metrics: { 'ndcg@100': own },
  baselines: { popularity: { 'ndcg@100': 0.2 }, untrained: { 'ndcg@100': 0.1 } },
});

interface Agreeing {
  readonly before: number;
  readonly now: number;
  readonly rows?: number;
}

/** Two versions that differ in a metric of their own test rows. */
const measuring = (
  metric: string,
  { before, now, rows = 10_000 }: Agreeing,
  more: Partial<Manifest> = {},
) => {
  const of = (value: number): Manifest => ({
    ...{ ...manifest, ...more, metrics: { mse: 0.2, [metric]: value } },
    data: { ...manifest.data, rows: { ...manifest.data.rows, test: rows } },
  });
  return judged(of(now), { champion: of(before) });
};
const agreeing = (versions: Agreeing) =>
  measuring('linear-accuracy', versions, { prediction: { target: 'kind', predictor: 'linear' } });
/** One row of a hundred is an anomaly. */
const rarely = (input: ModelInput): ModelInput => {
  const labels = {
    ...{ name: 'fault', classes: ['no', 'yes'], anomalous: ['yes'] },
    rows: Uint8Array.from({ length: 1000 }, (_, row) => Number(row % 100 === 0)),
  };
  return { ...input, prepared: { ...input.prepared, data: { ...input.prepared.data, labels } } };
};
const detecting = (versions: Agreeing) => rarely(measuring('roc-auc', versions));
const inColumns = ({ before, now }: Agreeing) => {
  const of = (value: number): Manifest => ({
    ...measuring('mse', { before: 0, now: 0.2 }).challenger,
    baselines: { 'all-columns': { 'logistic-accuracy': 0.99, 'logistic-roc-auc': value } },
  });
  return rarely(judged(of(now), { champion: of(before) }));
};

/** A challenger with the champion's version, after manual commands. */
const byHand = (...changes: readonly (readonly [run: string, from: Partial<Aliases>, to: string])[]) => {
  const { version } = manifest;
  const history = changes.map(([run, from, to]): JournalEntry => {
    const details = { from: { production: OTHER, ...from }, to: { production: to } };
    return { run, at: '2026-03-01T03:17:00.000Z', event: 'command', reason: '', details };
  });
  return judged({ version }, { history });
};
/** The history names a version as the last one promoted; another one is in production. */
const byNobodyKnown = (promoted: string, production: string) => {
  const entry = { run: 'r1', at: '2026-03-01T03:17:00.000Z' };
  const history: JournalEntry[] = [
    { ...entry, event: 'done', step: 'train', details: { found: { challenger: promoted } } },
    { ...entry, event: 'ended', outcome: 'promoted' },
  ];
  const { version } = manifest;
  return judged({ version }, { champion: { ...manifest, version: production }, history });
};
const OTHER = 'bbbbbbbbbbbb';
const asProduction = { production: manifest.version };
const asCanary = { canary: { version: manifest.version, percentage: 10 } };

/** Tensors of an imported file: an input, and outputs. */
function fileOf(input: string, ...outputs: string[]): FileTensors {
  const tensor = { dtype: 'float32' as const, shape: ['N' as const, 6] };
  return {
    inputs: [{ ...tensor, name: input }],
    outputs: outputs.map((name) => ({ ...tensor, name, graph: 'encoder', output: 'code' })),
  };
}
const judgedFiles = (before: FileTensors | undefined, now: FileTensors | undefined) =>
  judged(now ? { file: now } : {}, { champion: { ...manifest, ...(before && { file: before }) } });

/** For each gate, cases that it refuses and cases that just pass. */
const MODELS: Readonly<Record<keyof typeof MODEL_GATES, { refused: ModelInput[]; passed: ModelInput[] }>> = {
  recalled: {
    refused: [
      byHand(['rollback', asProduction, OTHER]),
      byHand(['rollback', asCanary, OTHER]),
      byHand(['promote', {}, manifest.version], ['promote', asProduction, 'cccccccccccc']),
      byNobodyKnown(manifest.version, OTHER),
    ],
    passed: [
      judged(),
      byHand(['rollback', { production: 'cccccccccccc' }, OTHER]),
      byHand(['promote', asCanary, manifest.version]),
      byHand(['rollback', asProduction, OTHER], ['promote', {}, manifest.version]),
      byNobodyKnown(OTHER, 'cccccccccccc'),
    ],
  },
  schema: {
    refused: [
      judged({ features: { ...manifest.features, names: ['b', 'a', 'c', 'd', 'e', 'f'] } }),
      judged({ codeSize: 3 }),
      judged({ operations: ['encode'] }),
      judged({ prediction: { target: 'another', predictor: 'linear' } }),
      judgedOnImages([3, 1, 2], null),
      judgedOnImages([1, 2, 3], 'HWC'),
      judgedFiles(fileOf('x', 'y'), fileOf('input', 'y')),
      judgedFiles(fileOf('x', 'y'), fileOf('x', 'z')),
      judgedFiles(fileOf('x', 'y'), undefined),
    ],
    passed: [
      judgedOnImages([3, 1, 2], 'CHW'),
      judged({ features: { ...manifest.features, rowShape: [3, 1, 2], imageLayout: 'CHW' } }),
      judged({ operations: [...manifest.operations, 'similar'] }),
      judged({ codeSize: 3 }, { allowBreaking: true }),
      judgedFiles(fileOf('x', 'y'), fileOf('x', 'y', 'z')),
      judgedFiles(undefined, fileOf('x', 'y')),
    ],
  },
  drift: { refused: [judged({ features: moved(0.6) })], passed: [judged({ features: moved(0.4) })] },
  familiar: {
    refused: [judged({}, withVersions({ familiarity: { excess: 0.16, rows: 1000, flagged: 0.2 } }))],
    passed: [
      judged({}, withVersions({ familiarity: { excess: 0.14, rows: 1000, flagged: 0.2 } })),
      // Chance explains more with few rows.
      judged({}, withVersions({ rows: 50, familiarity: { excess: 0.3, rows: 50, flagged: 0.2 } })),
    ],
  },
  champion: {
    refused: [
      judged({}, withDrop({ drop: 0.06, low: 0.01, high: 0.11 })),
      judged({}, withDrop({ drop: Number.NaN, low: Number.NaN, high: Number.NaN })),
      judged({}, { comparison: { versions: 'other columns' } }),
      judged({}, withVersions({ drops: {} })),
      judged({}, withVersions({ drops: { 'roc-auc': { ...drop, drop: 0.03, low: 0.01, high: 0.05 } } })),
    ],
    passed: [
      judged({}, withDrop({ drop: 0.04, low: 0.03, high: 0.05 })),
      // By chance alone, perhaps.
      judged({}, withDrop({ drop: 0.06, low: -0.01, high: 0.13 })),
      judged({}, { ...withDrop({ drop: 0.06, low: 0.01, high: 0.11 }), limits: { mse: 0.07 } }),
      // Labels decide where there are some.
      judged(
        {},
        withVersions({ drops: { 'roc-auc': drop, mse: { ...drop, drop: 1, low: 0.9, high: 1.1 } } }),
      ),
    ],
  },
  labels: {
    refused: [
      agreeing({ before: 0.95, now: 0.9 }),
      detecting({ before: 0.95, now: 0.7 }),
      // Of a rare class, accuracy tells nothing.
      inColumns({ before: 0.95, now: 0.5 }),
    ],
    passed: [
      agreeing({ before: 0.95, now: 0.93 }),
      agreeing({ before: 0.9, now: 0.95 }),
      // Chance explains more with few rows, and with few anomalies.
      agreeing({ before: 0.95, now: 0.9, rows: 200 }),
      detecting({ before: 0.95, now: 0.9 }),
      inColumns({ before: 0.95, now: 0.9 }),
    ],
  },
  flagged: {
    refused: [judged({}, { comparison: { past: { rows: 1000, champion: 0.01, challenger: 0.97 } } })],
    passed: [
      judged({}, { comparison: { past: { rows: 1000, champion: 0.01, challenger: 0.1 } } }),
      judged({}, { comparison: { past: 'the rows are gone' } }),
    ],
  },
  untrained: {
    refused: [judged({ baselines: { untrained: { mse: 0.1 } } }), judged(recommending(0.05))],
    passed: [judged({ baselines: { untrained: { mse: 0.3 } } }), judged(recommending(0.3))],
  },
  mean: {
    refused: [judged({ baselines: { mean: { mse: 0.2 } } }), judged(recommending(0.15))],
    passed: [judged({ baselines: { mean: { mse: 0.3 } } }), judged(recommending(0.3))],
  },
  pca: {
    refused: [
      judged({ baselines: of(0.1, 1) }),
      judged({ baselines: of(0.1, 0.4) }, { prepared: { ...judged().prepared, recipe: RECIPES.tabular } }),
    ],
    passed: [
      judged({ baselines: of(0.3, 1) }),
      judged({ baselines: of(0.1, 1) }, { prepared: { ...judged().prepared, recipe: RECIPES.tabular } }),
    ],
  },
  parity: {
    refused: [judged({ parity: { ...manifest.parity, maxScaledDifference: 1 } })],
    passed: [judged()],
  },
  budget: {
    refused: [
      withBytes({ encoder: 25 * 2 ** 20 }),
      // `interpolate` needs both.
      withBytes({ encoder: 17 * 2 ** 20, decoder: 17 * 2 ** 20 }),
    ],
    // Each operation has room, by itself.
    passed: [
      judged(),
      withBytes({ encoder: 15 * 2 ** 20, decoder: 15 * 2 ** 20, autoencoder: 20 * 2 ** 20 }),
    ],
  },
};

describe.each(Object.entries(MODEL_GATES))('gate %s', (name, gate) => {
  const { refused, passed } = MODELS[name as keyof typeof MODEL_GATES];
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
    const first = { ...judged(), champion: undefined, comparison: {} };
    expect((await gate.judge(first, limit))?.passed ?? true).toBe(true);
  });
});

it('says how a model that is too large for the Worker becomes smaller', async () => {
  const large = withBytes({ encoder: 25 * 2 ** 20 });
  const { figures } = (await MODEL_GATES.budget.judge(large, 0))!;
  expect(figures).toContain('largest graph 25,600 KiB, limit 24,576 KiB');
  // The next step is told apart from what is wrong.
  expect(figures).not.toContain('--set');
  expect(adviceAfter(['budget'], { line: 'npm run retrain --', trains: true })).toContain(
    '--set weightType=float16',
  );
});

it('says what it costs that the graphs of all operations are not loaded at the same time', async () => {
  const crowded = withBytes({ encoder: 15 * 2 ** 20, decoder: 15 * 2 ** 20, autoencoder: 20 * 2 ** 20 });
  const { figures } = (await MODEL_GATES.budget.judge(crowded, 0))!;
  expect(figures).toMatch(
    /those of all operations have 51,201 KiB, so .* load graphs again: --set weightType/,
  );
});

it('calls what is worse by less than nothing better', async () => {
  const better = { drop: -0.032, low: -0.05, high: -0.01 };
  const { figures } = (await MODEL_GATES.champion.judge(judged({}, withDrop(better)), 0))!;
  expect(figures).toContain('better by 3.2 % (1.0 % to 5.0 %), worse by ');
});

it('the champion that cannot be evaluated is accepted by a flag, which the figures name', async () => {
  const versions = 'other columns';
  const verdictOf = (allowBreaking: boolean) =>
    MODEL_GATES.champion.judge(
      judged({}, { comparison: { ...comparison, versions }, allowBreaking }),
      Number.NaN,
    );
  expect(await verdictOf(false)).toEqual({
    passed: false,
    figures: 'the champion cannot be evaluated: other columns',
  });
  expect(await verdictOf(true)).toEqual({
    passed: true,
    figures:
      'nothing was compared, which --allow-breaking accepts: the champion cannot be evaluated: other columns',
  });
});
