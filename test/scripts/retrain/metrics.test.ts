import { describe, expect, it } from 'vitest';
import { heldOutOf, rowsFor } from '../../../scripts/retrain/metrics/heldOut.ts';
import { METRIC_NAMES, METRICS } from '../../../scripts/retrain/metrics/registry.ts';
import { random } from '../../../shared/random.ts';
import { randomSplit } from '../../../training/data/splits.ts';
import type { Table } from '../../../training/data/table.ts';
import { mean } from '../../../training/estimators/scores.ts';
import { outputsOf } from '../../../training/evaluate/outputs.ts';
import { tableDataset } from '../../../training/preprocess/dataset.ts';
import { RECIPES } from '../../../training/recipes/registry.ts';
import { train } from '../../../training/train.ts';
import { tastes, temporaryFolder, topics } from '../../support/data/data.ts';

const ROWS = 300;
const source = random(1, 'metrics');
const numbers = Float64Array.from({ length: ROWS }, () => 100 + 20 * source.uniform());
const codes = Int32Array.from(numbers, (value) => Number(value > 110));
const table: Table = {
  source: 'made',
  rowCount: ROWS,
  columns: [
    { name: 'height', type: 'number', values: numbers },
    { name: 'weight', type: 'number', values: numbers.map((value) => 3 * value + source.uniform()) },
    { name: 'size', type: 'category', codes, categories: ['large', 'small'] },
  ],
};
const data = tableDataset(table, { parts: randomSplit(table, { validation: 0.2, test: 0.2 }, 1) });
const settings = { hidden: [8], codeSize: 1, epochs: 5 };
const prepared = { recipe: RECIPES.tabular, engine: 'onnxruntime', splitSeed: 1, data, settings } as const;

describe('metrics of rows', () => {
  it('measure columns in units that do not depend on what was fitted in training', async () => {
    const { artifact } = await train({
      force: true, // trained too briefly to beat the mean
      name: 'made',
      data,
      settings,
      seed: 1,
      out: temporaryFolder(),
    });
    const heldOut = heldOutOf(prepared);
    const errors = await METRICS.mse.ofRows(artifact, heldOut);
    const test = data.parts!.test;
    const { reconstruction } = await outputsOf(
      artifact.graphs.autoencoder,
      rowsFor(heldOut, artifact.manifest),
    );
    const deviation = (column: number) => {
      const values = Array.from(
        test,
        (row) => (table.columns[column] as { values: Float64Array }).values[row]!,
      );
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    };
    const units = [deviation(0), deviation(1)];
    const expected = Array.from(test, (row, i) => {
      const [height, weight, large, small] = reconstruction!.subarray(4 * i, 4 * i + 4);
      const weights = (table.columns[1] as { values: Float64Array }).values;
      return (
        (((height! - numbers[row]!) / units[0]!) ** 2 +
          ((weight! - weights[row]!) / units[1]!) ** 2 +
          (large! - Number(codes[row] === 0)) ** 2 +
          (small! - Number(codes[row] === 1)) ** 2) /
        3
      );
    });
    expect(errors).toHaveLength(test.length);
    expected.forEach((error, i) => {
      expect(Math.abs(errors![i]! - error)).toBeLessThan(1e-3 * Math.max(1, error));
    });
  });

  it('of predictions are undefined for models without predictions', async () => {
    const heldOut = heldOutOf(prepared);
    const { artifact } = await train({
      force: true, // trained too briefly to beat the mean
      name: 'plain',
      data,
      settings,
      seed: 2,
      out: temporaryFolder(),
    });
    const known = await Promise.all(METRIC_NAMES.map((name) => METRICS[name].ofRows(artifact, heldOut)));
    expect(known.map((each) => each !== undefined)).toEqual(METRIC_NAMES.map((name) => name === 'mse'));
  });

  it('of recommenders are the gains of users, and no errors of probabilities', async () => {
    const options = { variant: 'recommender' as const, settings: { hidden: [8], codeSize: 4, epochs: 2 } };
    const users = tastes(120);
    const { artifact } = await train({
      force: true, // trained too briefly to beat the mean
      name: 'shop',
      data: users,
      ...options,
      out: temporaryFolder(),
    });
    const heldOut = heldOutOf({ ...prepared, ...options, recipe: RECIPES.recommend, data: users });
    expect(await METRICS.mse.ofRows(artifact, heldOut)).toBeUndefined();
    const gains = Array.from((await METRICS['ndcg@100'].ofRows(artifact, heldOut))!);
    // The manifest divides the items of the same users by the seed of the run, which is the same.
    expect(mean(gains)).toBeCloseTo(artifact.manifest.metrics['ndcg@100']!, 10);
  });

  it('of codes for a vector store are the shares of the neighbours that they keep', async () => {
    const options = {
      variant: 'similarity-preserving',
      settings: { codeSize: 20, epochs: 4, batchSize: 64 },
    } as const;
    const vectors = topics(400);
    const { artifact } = await train({
      force: true, // trained too briefly to beat the mean
      name: 'notes',
      data: vectors,
      ...options,
      out: temporaryFolder(),
    });
    const heldOut = heldOutOf({ ...prepared, ...options, recipe: RECIPES.embeddings, data: vectors });
    const kept = Array.from((await METRICS['recall@10'].ofRows(artifact, heldOut))!);
    // A tenth of the 40 held-out rows, each with whole neighbours of ten.
    expect(kept).toHaveLength(4);
    expect(kept.every((share) => Number.isInteger(10 * share) && share > 0.5 && share <= 1)).toBe(true);
    const withoutRecall = { ...artifact.manifest, metrics: { mse: 1 } };
    expect(
      await METRICS['recall@10'].ofRows({ ...artifact, manifest: withoutRecall }, heldOut),
    ).toBeUndefined();
  });

  it('of classes count the correct ones', async () => {
    const labels = { name: 'size', classes: ['large', 'small'], rows: codes };
    const labelled = { ...data, labels };
    const options = {
      name: 'classes',
      data: labelled,
      settings,
      predictor: 'logistic',
      out: temporaryFolder(),
    } as const;
    const { artifact } = await train({ ...options, force: true });
    const heldOut = heldOutOf({ ...prepared, data: labelled });
    const hits = Array.from((await METRICS.accuracy.ofRows(artifact, heldOut))!);
    const share = hits.reduce((sum, hit) => sum + hit, 0) / hits.length;
    expect(share).toBeCloseTo(artifact.manifest.metrics['logistic-accuracy']!, 10);
  });
});
