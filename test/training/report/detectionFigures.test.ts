import { expect, it } from 'vitest';
import { readReportSource } from '../../../training/artifact/reportFiles.ts';
import type { Dataset } from '../../../training/data/dataset.ts';
import { averagePrecision } from '../../../training/evaluate/metrics/detection.ts';
import { detectionFigures } from '../../../training/report/detectionFigures.ts';
import { finePercent } from '../../../training/report/format.ts';
import { scoreText } from '../../../training/report/scoreText.ts';
import { SECTIONS } from '../../../training/report/sections/registry.ts';
import { train } from '../../../training/train.ts';
import { curve, temporaryFolder } from '../../support/data/data.ts';

/** Two rows in a hundred, the last of each fifty, are far from the curve. */
function planted(rows: number): Dataset {
  const data = curve(rows);
  const { width } = data.rows;
  const marked = Array.from({ length: rows }, (_, row) => Number(row % 50 === 49));
  const values = data.rows.data.map((value, i) => value + 4 * marked[Math.floor(i / width)]! * (i % 2));
  const labels = { name: 'fault', classes: ['no', 'yes'], rows: marked, anomalous: ['yes'] };
  return { ...data, rows: { ...data.rows, data: values }, labels };
}

it('detection has counts at the threshold, one average precision and the name of its score', async () => {
  const { artifact } = await train({
    force: true, // trained too briefly to beat the mean
    name: 'planted',
    data: planted(400),
    variant: 'denoising',
    settings: {
      hidden: [4],
      codeSize: 2,
      epochs: 2,
      rowScore: 'ensemble',
      contamination: 0.2,
      testShare: 0.5,
    },
    out: temporaryFolder(),
  });
  const source = await readReportSource(artifact.directory);
  const { manifest } = source;
  const detection = source.evaluation.detection!;
  const figures = (areOthers = false) =>
    Object.fromEntries(
      detectionFigures(manifest, { detection, rows: 'rows', areOthers }).map((each) => [each.name, each]),
    );

  const { found, anomalies, falseAlarms, others } = detection.alarms!;
  expect(found / anomalies).toBe(manifest.metrics['alarm-recall']);
  expect(found / (found + falseAlarms)).toBe(manifest.metrics['alarm-precision']);
  const share = Number((anomalies / (anomalies + others)).toPrecision(2));
  const { value, meaning } = figures()['found at the threshold']!;
  expect(value).toBe(`${found} of ${anomalies}`);
  expect(meaning).toMatch(
    new RegExp(
      `^anomalies: ${found + falseAlarms} alarms, .* right; .* on 20 %: --set contamination=${share} `,
    ),
  );
  expect(figures(true)['found at the threshold']!.meaning).not.toContain('--set');

  // The curve is drawn through rounded scores, which may tie: here all do.
  const tied = { ...detection, scores: detection.scores.map(() => 1) };
  expect(averagePrecision(tied.scores, tied.classes)).not.toBe(manifest.metrics['average-precision']);
  const evaluation = { ...source.evaluation, detection: tied };
  const precision = finePercent(manifest.metrics['average-precision']!);
  expect(String((await SECTIONS.precisionRecall.render({ ...source, evaluation }))!.markup)).toContain(
    `The average precision is ${precision};`,
  );
  expect(figures()['anomaly ROC AUC']!.meaning).toContain(`the average precision is ${precision}`);

  expect(scoreText(manifest)).toMatch(/^an ensemble of several scores/);
  const { markup } = (await SECTIONS.scoresByClass.render(source))!;
  expect(markup).toContain('The score of a row is an ensemble of several scores');
});
