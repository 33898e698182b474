import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../shared/errors.ts';
import type { Artifact } from '../../training/artifact.ts';
import type { Dataset } from '../../training/data/dataset.ts';
import { inferRoles } from '../../training/data/roles.ts';
import { fromRows } from '../../training/data/rows.ts';
import { randomSplit } from '../../training/data/splits.ts';
import { makeRegression } from '../../training/data/synthetic.ts';
import type { NumberColumn, Table } from '../../training/data/table.ts';
import { openWasm } from '../../training/inference.ts';
import { PREDICTORS, type PredictorName } from '../../training/predictors/registry.ts';
import { tableDataset } from '../../training/preprocess/dataset.ts';
import { type TrainOptions, train } from '../../training/train.ts';
import { curve, temporaryFolder } from '../support/data.ts';

const SHARES = { validation: 0.1, test: 0.2 };
const SETTINGS = { hidden: [8], codeSize: 4, epochs: 20, batchSize: 32, learningRate: 0.01 };
/** The mean absolute error, at most, as a share of that of the mean: `y` is linear in two of the columns. */
const MOST_ERROR = { ridge: 0.4, svr: 0.7 } satisfies Record<PredictorName, number>;

const table = makeRegression({ rows: 300, features: 4, informative: 2, noise: 1, seed: 2 });

function regression(source: Table = table): Dataset {
  const roles = inferRoles(source, { y: { role: 'target' } });
  return tableDataset(source, { roles, parts: randomSplit(source, SHARES, 1) });
}

function trained(options: Partial<TrainOptions> = {}) {
  return train({
    name: 'probe',
    data: regression(),
    settings: SETTINGS,
    out: temporaryFolder(),
    ...options,
  });
}

/** What `predict.onnx` answers, in the runtime of the Worker, for raw rows of the table. */
async function served({ directory }: Artifact, source: Table, indices: Uint32Array): Promise<Float32Array> {
  const columns = source.columns.filter(({ name }) => name !== 'y') as NumberColumn[];
  const rows = Array.from(indices, (row) => columns.map(({ values }) => values[row]!));
  const model = await openWasm(readFileSync(join(directory, 'predict.onnx')));
  const { prediction } = await model.run(fromRows(rows).rows);
  await model.release();
  return prediction!;
}

function meanDistance(from: ArrayLike<number>, to: ArrayLike<number>): number {
  return Array.from(from, (value, i) => Math.abs(value - to[i]!)).reduce((a, b) => a + b) / from.length;
}

describe.each(Object.keys(PREDICTORS) as PredictorName[])('predictor %s', (name) => {
  it('predicts in the units of the target, from raw rows, as well as the manifest says', async () => {
    const data = regression();
    const { artifact, split } = await trained({ data, predictor: name });
    const { manifest } = artifact;
    expect(manifest.prediction).toEqual({ target: 'y', predictor: name });
    expect(manifest.operations).toContain('predict');
    expect(manifest.graphs.predict).toMatchObject({
      inputs: [{ name: 'rows', dtype: 'float32', shape: ['N', 4] }],
      outputs: [{ name: 'prediction', dtype: 'float32', shape: ['N', 1] }],
    });
    const actual = split.target!.test;
    const predicted = await served(artifact, table, data.parts!.test);
    const [error, figure] = [meanDistance(predicted, actual), manifest.metrics[`${name}-mae`]!];
    expect(Math.abs(error - figure)).toBeLessThan(1e-4 * figure);
    const train = Array.from(split.target!.train);
    const mean = train.reduce((a, b) => a + b) / train.length;
    const byMean = meanDistance(Array(actual.length).fill(mean), actual);
    expect(figure).toBeLessThan(MOST_ERROR[name] * byMean);
    for (const baseline of ['pca', 'all-columns'])
      expect(manifest.baselines[baseline]![`${name}-mae`]).toBeLessThan(MOST_ERROR[name] * byMean);
  });

  it('is the same for the same seed', async () => {
    const bytes = [await trained({ predictor: name }), await trained({ predictor: name })].map(
      ({ artifact }) => artifact.manifest.graphs.predict!.sha256,
    );
    expect(bytes[0]).toBe(bytes[1]);
  });
});

describe('a predictor', () => {
  it('is exact to the range of a target far from 0', async () => {
    const y = table.columns.at(-1) as NumberColumn;
    const far = { ...y, values: y.values.map((value) => 1e5 + value) };
    const source = { ...table, columns: [...table.columns.slice(0, -1), far] };
    const [near, shifted] = [await trained(), await trained({ data: regression(source) })];
    const [a, b] = [near, shifted].map(({ artifact }) => artifact.manifest.metrics['ridge-mae']!);
    expect(Math.abs(a! - b!)).toBeLessThan(0.02);
  });

  it('leaves out rows whose target is not known', async () => {
    const y = table.columns.at(-1) as NumberColumn;
    const holes = { ...y, values: y.values.map((value, row) => (row % 3 === 0 ? Number.NaN : value)) };
    const source = { ...table, columns: [...table.columns.slice(0, -1), holes] };
    const { artifact } = await trained({ data: regression(source), predictor: 'svr' });
    expect(artifact.manifest.metrics['ridge-mae']).toBeLessThan(30);
    expect(artifact.manifest.metrics['svr-mae']).toBeLessThan(60);
  });

  it.each([
    ['no target', () => curve(200), /expected a target for the predictor svr, received none/],
    [
      'a target that does not vary',
      () => ({ ...curve(200), target: { name: 'price', rows: new Float64Array(200).fill(7) } }),
      /target price of the training rows, found 7 throughout/,
    ],
    [
      'more rows than it can be fitted to',
      () => ({
        ...curve(30_000, 2),
        target: { name: 'price', rows: Float64Array.from(Array(30_000).keys()) },
      }),
      /expected at most 20000 rows/,
    ],
  ])('refuses %s before training', async (_, data, message) => {
    const attempt = trained({ data: data(), predictor: 'svr', onStart: () => expect.unreachable() });
    await expect(attempt).rejects.toThrow(InputError);
    await expect(attempt).rejects.toThrow(message);
  });

  it('is refused by an unknown name', async () => {
    await expect(trained({ predictor: 'oracle' as PredictorName })).rejects.toThrow(/predictor: .*oracle/);
  });
});

describe('probes of labels', () => {
  /** One class lies beyond the middle of the first column; of every tenth row it is not known. */
  function labelled(classes: readonly string[]): Dataset {
    const data = curve(400);
    const first = (row: number) => data.rows.data[row * data.rows.width]!;
    const rows = Array.from({ length: 400 }, (_, row) => (row % 10 === 0 ? -1 : Number(first(row) > 0.7)));
    return { ...data, labels: { classes, rows } };
  }

  it('say how well code, PCA and all columns tell two classes apart', async () => {
    const { artifact } = await trained({ data: labelled(['low', 'high']) });
    const { metrics, baselines } = artifact.manifest;
    for (const figures of [metrics, baselines.pca!, baselines['all-columns']!])
      expect(figures['logistic-roc-auc']).toBeGreaterThan(0.95);
    expect(artifact.manifest.operations).not.toContain('predict');
  });

  it('are left out where there are more classes, or one', async () => {
    for (const classes of [['low', 'high', 'other'], ['low']]) {
      const { artifact } = await trained({ data: labelled(classes), settings: { ...SETTINGS, epochs: 1 } });
      expect(artifact.manifest.metrics).not.toHaveProperty('logistic-roc-auc');
    }
  });
});
