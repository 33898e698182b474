import { describe, expect, it } from 'vitest';
import { pValueOf } from '../../../shared/conformal.ts';
import { Manifest } from '../../../shared/manifest.ts';
import { takeRows } from '../../../training/data/batches.ts';
import { featureStatistics } from '../../../training/data/statistics.ts';
import { openNative, openWasm } from '../../../training/engines/inference.ts';
import { rowScores } from '../../../training/evaluate/metrics/reconstruction.ts';
import { type TrainOptions, train } from '../../../training/train.ts';
import { curve, tastes, temporaryFolder, withHoles } from '../../support/data/data.ts';
import { written } from '../../support/data/tables.ts';
import { expectLabelsUnseen } from '../../support/data/unseenLabels.ts';

const TINY: TrainOptions['settings'] = { hidden: [6], codeSize: 2, epochs: 3, rowScore: 'joint' };

it('a column of labels is not seen: without it, and with others, the model is the same', async () => {
  const lines = Array.from({ length: 400 }, (_, i) => {
    const isAnomaly = i % 40 === 0;
    return `${Math.sin(i / 9)},${Math.cos(i / 9)},${isAnomaly ? 3 : Math.sin(i) / 10},${Number(isAnomaly)}`;
  });
  await expectLabelsUnseen(written('rows.csv', ['east,north,height,y', ...lines].join('\n')));
});

describe('the joint score', () => {
  it.each([
    ['rows', curve(120), 'error'],
    ['rows with holes', withHoles(curve(120)), 'mask'],
  ] as const)('of %s is as it is written, and in WASM too', async (_, data, missing) => {
    const { artifact, split } = await train({
      force: true, // trained too briefly to beat the mean
      name: 'tiny',
      data,
      settings: { ...TINY, missing },
      out: temporaryFolder(),
    });
    const all = (count: number) => Uint32Array.from({ length: count }, (_, i) => i);
    const rows = [split.train, split.test].map((part) => takeRows(part, all(part.rowCount)));
    const model = await openNative(artifact.graphs.autoencoder);
    const [train_, test] = [await model.run(rows[0]!), await model.run(rows[1]!)];
    await model.release();

    const width = 6;
    const matrix = (values: Float32Array) => ({
      data: Float32Array.from(values),
      rowCount: values.length / width,
      width,
    });
    const residual = rows[0]!.data.map((value, i) => value - train_.reconstruction![i]!);
    const [ofRows, ofReconstruction, ofResidual] = [
      featureStatistics(rows[0]!),
      featureStatistics(matrix(train_.reconstruction!)),
      featureStatistics(matrix(residual)),
    ];
    const expected = Array.from(rows[1]!.data, (value, i) => {
      const c = i % width;
      if (Number.isNaN(value)) return 0;
      const back = test.reconstruction![i]!;
      const least = 0.1 * ofRows.standardDeviation[c]!;
      const s = Math.max(least, Math.hypot(ofResidual.mean[c]!, ofResidual.standardDeviation[c]!));
      const t = Math.max(least, ofReconstruction.standardDeviation[c]!);
      return (
        Math.log(1 + ((value - back) / s) ** 2) + Math.log(1 + ((back - ofReconstruction.mean[c]!) / t) ** 2)
      );
    });
    const largest = Math.max(...expected);
    expected.forEach((score, i) => {
      expect(Math.abs(test.feature_anomaly_score![i]! - score)).toBeLessThan(1e-4 * largest);
    });
    const counts = (row: number) =>
      rows[1]!.data.subarray(row * width, (row + 1) * width).filter((value) => !Number.isNaN(value)).length;
    test.anomaly_score!.forEach((score, row) => {
      const own = expected.slice(row * width, (row + 1) * width).reduce((sum, each) => sum + each, 0);
      expect(score).toBeCloseTo(own / counts(row), 3);
    });

    const wasm = await openWasm(artifact.graphs.autoencoder);
    const { anomaly_score } = await wasm.run(rows[1]!);
    await wasm.release();
    anomaly_score!.forEach((score, row) => {
      expect(score).toBeCloseTo(test.anomaly_score![row]!, 5);
    });
  });

  it('is refused for recommenders', async () => {
    const settings = { rowScore: 'joint', epochs: 1 } as const;
    const run = train({
      force: true, // trained too briefly to beat the mean
      name: 'tiny',
      variant: 'recommender',
      data: tastes(40),
      settings,
      out: temporaryFolder(),
    });
    await expect(run).rejects.toThrow(/setting 'rowScore': expected 'error' for a recommender/);
  });
});

describe('the threshold', () => {
  const data = curve(400);
  const run = (settings: TrainOptions['settings']) =>
    train({
      force: true, // trained too briefly to beat the mean
      name: 'tiny',
      data,
      settings: { ...TINY, validationShare: 0.25, ...settings },
      out: temporaryFolder(),
    });

  it('is the lowest above which p-values are at most the requested rate', async () => {
    const { artifact, split } = await run({ targetFpr: 0.1 });
    const { anomalyScore, calibration, reconstructionError } = artifact.manifest;
    expect([anomalyScore!.targetFpr, reconstructionError.targetFpr]).toEqual([0.1, undefined]);
    const scores = await rowScores(artifact.graphs.autoencoder, split.validation);
    const above = scores.filter((score) => score > anomalyScore!.threshold).length;
    expect(above).toBe(Math.floor(0.1 * (scores.length + 1)) - 1);
    for (const score of await rowScores(artifact.graphs.autoencoder, split.test))
      expect(score > anomalyScore!.threshold).toBe(pValueOf(score, calibration!) <= 0.1);
  });

  it('leaves the contamination of the training rows above it otherwise', async () => {
    const { artifact, split } = await run({ contamination: 0.05, rowScore: 'error' });
    const { anomalyScore, calibration, reconstructionError } = artifact.manifest;
    expect([anomalyScore, calibration!.rows]).toEqual([undefined, 100]);
    const scores = await rowScores(artifact.graphs.autoencoder, split.train);
    const above = scores.filter((score) => score > reconstructionError.threshold).length;
    expect(above / scores.length).toBeCloseTo(0.05, 2);
  });

  it('is refused before any training if the rate is too low for so few rows', async () => {
    await expect(run({ targetFpr: 0.005 })).rejects.toThrow(/setting 'targetFpr': expected at least/);
  });

  it('of manifests from before p-values is still read', async () => {
    const { artifact } = await run({ rowScore: 'error' });
    const { calibration: _, ...before } = artifact.manifest;
    expect(Manifest.parse(before)).toEqual(before);
  });
});
