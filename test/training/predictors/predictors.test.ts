import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../shared/errors.ts';
import type { Artifact } from '../../../training/artifact/artifact.ts';
import { evaluateArtifact } from '../../../training/artifact/evaluateArtifact.ts';
import type { Dataset } from '../../../training/data/dataset.ts';
import { inferRoles } from '../../../training/data/roles.ts';
import { fromRows } from '../../../training/data/rows.ts';
import { randomSplit } from '../../../training/data/splits.ts';
import { makeRegression } from '../../../training/data/synthetic.ts';
import type { CategoryColumn, NumberColumn, Table } from '../../../training/data/table.ts';
import { openWasm } from '../../../training/engines/inference.ts';
import type { Predictor } from '../../../training/predictors/predictor.ts';
import type { PREDICTORS, PredictorName } from '../../../training/predictors/registry.ts';
import { tableDataset } from '../../../training/preprocess/dataset.ts';
import { keysOf } from '../../../training/registry.ts';
import { type TrainOptions, train } from '../../../training/train.ts';
import { curve, temporaryFolder } from '../../support/data/data.ts';
import { fullIt } from '../../support/suites/full.ts';

const SHARES = { validation: 0.1, test: 0.2 };
const SETTINGS = { hidden: [8], codeSize: 4, epochs: 20, batchSize: 32, learningRate: 0.01 };
type OfKind<Kind extends Predictor['kind']> = {
  [Name in PredictorName]: (typeof PREDICTORS)[Name]['kind'] extends Kind ? Name : never;
}[PredictorName];

/** Highest mean absolute error, relative to predicting the mean: `y` is linear in two of the columns. */
const MOST_ERROR = { ridge: 0.4, svr: 0.7 } satisfies Record<OfKind<'regressor'>, number>;
/** Highest log loss, relative to predicting the classes' shares: the classes of `kind` are ranges of `y`. */
const MOST_LOSS = { logistic: 0.7 } satisfies Record<OfKind<'classifier'>, number>;

const table = makeRegression({ rows: 300, features: 4, informative: 2, noise: 1, seed: 2 });

function regression(source: Table = table, parts = randomSplit(source, SHARES, 1)): Dataset {
  const roles = inferRoles(source, { y: { role: 'target' } });
  return tableDataset(source, { roles, parts });
}

const CLASSES = ['high', 'low', 'mid'];

/** The same columns, with `y` replaced by its class: low, high or between. */
function classification(): { data: Dataset; source: Table; kinds: CategoryColumn } {
  const y = table.columns.at(-1) as NumberColumn;
  const codes = Int32Array.from(y.values, (value) => (value > 40 ? 0 : value < -40 ? 1 : 2));
  const kinds: CategoryColumn = { name: 'kind', type: 'category', categories: CLASSES, codes };
  const source = { ...table, columns: [...table.columns.slice(0, -1), kinds] };
  const roles = inferRoles(source, { kind: { role: 'target' } });
  return { data: tableDataset(source, { roles, parts: randomSplit(source, SHARES, 1) }), source, kinds };
}

function trained(options: Partial<TrainOptions> = {}) {
  return train({
    force: true, // trained too briefly to beat the mean
    name: 'probe',
    data: regression(),
    settings: SETTINGS,
    out: temporaryFolder(),
    ...options,
  });
}

/** Predictions of `predict.onnx`, in the Worker's runtime, for raw rows of the table. */
async function served({ directory }: Artifact, source: Table, indices: Uint32Array): Promise<Float32Array> {
  const columns = source.columns.filter(
    ({ name, type }) => type === 'number' && name !== 'y',
  ) as NumberColumn[];
  const rows = Array.from(indices, (row) => columns.map(({ values }) => values[row]!));
  const model = await openWasm(readFileSync(join(directory, 'predict.onnx')));
  const { prediction } = await model.run(fromRows(rows).rows);
  await model.release();
  return prediction!;
}

function meanDistance(from: ArrayLike<number>, to: ArrayLike<number>): number {
  return Array.from(from, (value, i) => Math.abs(value - to[i]!)).reduce((a, b) => a + b) / from.length;
}

describe.each(keysOf(MOST_ERROR))('regressor %s', (name) => {
  it('predicts in the units of the target, from raw rows, as well as the manifest reports', async () => {
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

  fullIt('is the same for the same seed', async () => {
    const bytes = [await trained({ predictor: name }), await trained({ predictor: name })].map(
      ({ artifact }) => artifact.manifest.graphs.predict!.sha256,
    );
    expect(bytes[0]).toBe(bytes[1]);
  });
});

describe.each(keysOf(MOST_LOSS))('classifier %s', (name) => {
  const { data, source, kinds } = classification();

  it('gives every class a probability, from raw rows, as well as the manifest reports, next to their shares', async () => {
    const { artifact } = await trained({ data, predictor: name });
    const { manifest } = artifact;
    expect(manifest.prediction).toEqual({ target: 'kind', predictor: name, classes: CLASSES });
    expect(manifest.graphs.predict!.outputs).toEqual([
      { name: 'prediction', dtype: 'float32', shape: ['N', 3] },
    ]);
    const { test } = data.parts!;
    const probabilities = await served(artifact, source, test);
    let [right, loss] = [0, 0];
    test.forEach((row, i) => {
      const own = [...probabilities.subarray(3 * i, 3 * i + 3)];
      expect(own.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
      right += Number(own.indexOf(Math.max(...own)) === kinds.codes[row]);
      loss -= Math.log(own[kinds.codes[row]!]!);
    });
    const { metrics, baselines } = manifest;
    expect(metrics[`${name}-accuracy`]).toBeCloseTo(right / test.length, 10);
    expect(metrics[`${name}-log-loss`]).toBeCloseTo(loss / test.length, 4);
    for (const figures of [metrics, baselines.pca!, baselines['all-columns']!])
      expect(figures[`${name}-log-loss`]).toBeLessThan(
        MOST_LOSS[name] * baselines['majority-class']![`${name}-log-loss`]!,
      );

    const { train } = data.parts!;
    const count = (rows: Uint32Array, k: number) => rows.filter((row) => kinds.codes[row] === k).length;
    const shares = CLASSES.map((_, k) => count(train, k) / train.length);
    const most = shares.indexOf(Math.max(...shares));
    const blind = CLASSES.reduce((sum, _, k) => sum - count(test, k) * Math.log(shares[k]!), 0);
    expect(baselines['majority-class']).toEqual({
      [`${name}-accuracy`]: expect.closeTo(count(test, most) / test.length, 10),
      [`${name}-log-loss`]: expect.closeTo(blind / test.length, 5),
    });
    expect(right).toBeGreaterThan(count(test, most));
  });

  it('has the classes of the training rows, and matches those of other rows by name', async () => {
    const { train } = data.parts!;
    const inTraining = new Set(train);
    // No training row is `high`, and some are of no class at all.
    const codes = kinds.codes.map((code, row) => (!inTraining.has(row) ? code : code === 0 ? -1 : code));
    const labels = { name: 'kind', classes: CLASSES, rows: codes };
    const settings = { ...SETTINGS, epochs: 2 };
    const { artifact } = await trained({ data: { ...data, labels }, predictor: name, settings });
    expect(artifact.manifest.prediction!.classes).toEqual(['low', 'mid']);
    const renamed = {
      name: 'kind',
      classes: ['mid', 'none', 'low', 'high'],
      rows: codes.map((code) => [3, 2, 0][code] ?? -1),
    };
    const same = await evaluateArtifact(artifact, { ...data, labels }, 'all');
    const other = await evaluateArtifact(artifact, { ...data, labels: renamed }, 'all');
    expect(other.metrics).toEqual(same.metrics);
    expect(other.evaluation.prediction).toEqual(same.evaluation.prediction);
    expect(new Set(same.evaluation.prediction!.actual)).toEqual(new Set([-1, 0, 1]));
  });

  fullIt('is the same for the same seed', async () => {
    const run = () => trained({ data, predictor: name, settings: { ...SETTINGS, epochs: 1 } });
    const [first, second] = [await run(), await run()];
    expect(second.artifact.graphs.predict).toEqual(first.artifact.graphs.predict);
  });
});

describe('a predictor', () => {
  it('is exact to the range of a target far from 0', async () => {
    const y = table.columns.at(-1) as NumberColumn;
    const far = { ...y, values: y.values.map((value) => 1e5 + value) };
    const source = { ...table, columns: [...table.columns.slice(0, -1), far] };
    const data = regression(source, regression().parts);
    const [near, shifted] = [await trained(), await trained({ data })];
    const [a, b] = [near, shifted].map(({ artifact }) => artifact.manifest.metrics['ridge-mae']!);
    expect(Math.abs(a! - b!)).toBeLessThan(0.02);
  });

  it('leaves out rows whose target is unknown', async () => {
    const y = table.columns.at(-1) as NumberColumn;
    const holes = { ...y, values: y.values.map((value, row) => (row % 3 === 0 ? Number.NaN : value)) };
    const source = { ...table, columns: [...table.columns.slice(0, -1), holes] };
    const { artifact } = await trained({ data: regression(source), predictor: 'svr' });
    expect(artifact.manifest.metrics['ridge-mae']).toBeLessThan(30);
    expect(artifact.manifest.metrics['svr-mae']).toBeLessThan(60);
  });

  it.each<[string, () => Dataset, RegExp, PredictorName?]>([
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
    [
      'classes, although it predicts numbers',
      () => classification().data,
      /expected a target of numbers for the predictor svr, found 3 classes of kind; use a predictor of classes \(logistic\)/,
    ],
    [
      'a target that no test row has',
      () => ({
        ...curve(200),
        target: { name: 'price', rows: new Float64Array(200).fill(Number.NaN).fill(1, 0, 2) },
        parts: {
          train: Uint32Array.of(0, 1, 2),
          validation: Uint32Array.of(3),
          test: Uint32Array.of(4, 5, 6),
        },
      }),
      /expected a test row whose price is known, found none/,
    ],
    [
      'no classes',
      () => curve(200),
      /expected classes for the predictor logistic, received none/,
      'logistic',
    ],
    [
      'numbers, although it predicts classes',
      () => regression(),
      /expected classes for the predictor logistic, found numbers in the target y; use a predictor of numbers \(ridge, svr\)/,
      'logistic',
    ],
    [
      'a single class',
      () => ({ ...curve(200), labels: { classes: ['a', 'b'], rows: new Uint8Array(200) } }),
      /expected at least two classes among the training rows, found a/,
      'logistic',
    ],
  ])('refuses %s before training', async (_, data, message, predictor = 'svr') => {
    const attempt = trained({ data: data(), predictor, onStart: () => expect.unreachable() });
    await expect(attempt).rejects.toThrow(InputError);
    await expect(attempt).rejects.toThrow(message);
  });

  it('is refused by an unknown name', async () => {
    await expect(trained({ predictor: 'oracle' as PredictorName })).rejects.toThrow(/predictor: .*oracle/);
  });
});

describe('probes of labels', () => {
  /** Classes split at the middle of the first column; unknown in every tenth row. */
  function labelled(classes: readonly string[]): Dataset {
    const data = curve(400);
    const first = (row: number) => data.rows.data[row * data.rows.width]!;
    const rows = Array.from({ length: 400 }, (_, row) => (row % 10 === 0 ? -1 : Number(first(row) > 0.7)));
    return { ...data, labels: { classes, rows } };
  }

  it('measure how well code, PCA and all columns separate two classes', async () => {
    const { artifact } = await trained({ data: labelled(['low', 'high']) });
    const { metrics, baselines } = artifact.manifest;
    for (const figures of [metrics, baselines.pca!, baselines['all-columns']!])
      expect(figures['logistic-roc-auc']).toBeGreaterThan(0.95);
    expect(artifact.manifest.operations).not.toContain('predict');
  });

  it('are left out if there are more classes, or one', async () => {
    for (const classes of [['low', 'high', 'other'], ['low']]) {
      const { artifact } = await trained({ data: labelled(classes), settings: { ...SETTINGS, epochs: 1 } });
      expect(artifact.manifest.metrics).not.toHaveProperty('logistic-roc-auc');
    }
  });
});
