import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { buildWorker } from '../../scripts/worker/build.ts';
import { bundleModels } from '../../scripts/worker/bundle.ts';
import { startWorker } from '../../scripts/worker/worker.ts';
import { confidenceOf, pValueOf } from '../../shared/conformal.ts';
import { rocAuc } from '../../training/estimators/scores.ts';
import { rowScores } from '../../training/evaluate/metrics/reconstruction.ts';
import { pickRaw } from '../../training/preprocess/preprocessing.ts';
import { anomaly } from '../../training/recipes/anomaly.ts';
import { train } from '../../training/train.ts';
import { temporaryFolder } from '../support/data/data.ts';
import { realData } from '../support/data/realData.ts';
import { fetchFresh } from '../support/edge/fetchFresh.ts';

interface Scored {
  readonly threshold: number;
  readonly scores: readonly {
    readonly error: number;
    readonly score: number;
    readonly percentile: number;
    readonly pValue: number;
    readonly isAnomaly: boolean | null;
    readonly confidence: number;
    readonly contributions: readonly { readonly feature: string; readonly share: number }[];
  }[];
}

it('score in workerd tells the anomalies among held-out rows, with p-values, and rejects what is not sure', async () => {
  const out = temporaryFolder();
  const shares = { validation: 0.2, test: 0.3 };
  const data = await anomaly.data(realData('anomaly/cardio.csv'), { shares, seed: 3 });
  expect(data.featureNames).not.toContain('y');
  expect(Array.from(data.labels!.rows).filter((label) => label === 1)).toHaveLength(176);
  const settings = { ...anomaly.settings, ...anomaly.settingsFor!(data), targetFpr: 0.1 };
  const { artifact, split } = await train({ name: 'anomaly', variant: 'denoising', data, settings, out });
  const models = await bundleModels([artifact], join(out, 'bundle'));
  const worker = await startWorker(await buildWorker(join(out, 'worker'), models));
  onTestFinished(() => worker.dispose());

  const held = pickRaw(data.preprocessing!, data.parts!.test);
  const { columns, rowCount } = held.table;
  const rows = Array.from({ length: rowCount }, (_, row) =>
    columns.map((column) => (column.type === 'number' ? column.values[row]! : Number.NaN)),
  );
  const ask = async (query: string) => {
    const response = await fetchFresh(new URL(`/v1/models/anomaly/score${query}`, worker.url), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ rows }),
    });
    expect(response.status).toBe(200);
    return (await response.json()) as Scored;
  };
  const { threshold, scores } = await ask('?top=21');
  const { anomalyScore, calibration, metrics, baselines } = artifact.manifest;
  expect(threshold).toBe(anomalyScore!.threshold);
  const native = await rowScores(artifact.graphs.autoencoder, held);
  scores.forEach(({ score, pValue, confidence, isAnomaly, contributions }, row) => {
    expect(Math.abs(score - native[row]!)).toBeLessThan(1e-4);
    expect(pValue).toBe(pValueOf(Math.fround(score), calibration!));
    expect(isAnomaly).toBe(pValue <= 0.1);
    expect(confidence).toBe(confidenceOf(Math.fround(score), threshold, calibration!));
    expect(contributions.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 4);
  });
  const labels = Array.from(split.testLabels!.rows);
  const auc = rocAuc(
    scores.map(({ score }) => score),
    labels,
  );
  expect(auc).toBeCloseTo(metrics['roc-auc']!, 3);
  expect(auc).toBeGreaterThan(0.92);
  for (const other of ['mahalanobis', 'pca-half', 'untrained']) {
    expect(auc).toBeGreaterThan(baselines[other]!['roc-auc']!);
    expect(metrics['average-precision']).toBeGreaterThan(baselines[other]!['average-precision']!);
  }
  // Rows like those trained on, anomalies and all, are called anomalous at the rate that was asked for, or less by chance.
  const alarms = scores.filter(({ isAnomaly }) => isAnomaly).length;
  expect(alarms / rowCount).toBeLessThan(0.1 + 3 * Math.sqrt((0.1 * 0.9) / 366));

  const sure = (await ask('?minConfidence=0.95')).scores;
  sure.forEach(({ isAnomaly, confidence }, row) => {
    expect(isAnomaly).toBe(confidence < 0.95 ? null : scores[row]!.isAnomaly);
  });
  const answered = sure.flatMap(({ isAnomaly }, row) => (isAnomaly === null ? [] : [row]));
  expect(answered.length).toBeGreaterThan(rowCount / 2);
  expect(answered.length).toBeLessThan(rowCount);
  const wrong = (among: readonly number[]) =>
    among.filter((row) => Number(scores[row]!.isAnomaly) !== labels[row]).length / among.length;
  expect(wrong(answered)).toBeLessThan(wrong(scores.map((_, row) => row)));
});
