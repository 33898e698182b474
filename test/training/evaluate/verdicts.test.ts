/** Rows above the threshold are those that the model itself calls anomalies. */
import { expect, it } from 'vitest';
import { random } from '../../../shared/random.ts';
import { evaluateArtifact } from '../../../training/artifact/evaluateArtifact.ts';
import { openWasm } from '../../../training/engines/inference.ts';
import { anomaly } from '../../../training/recipes/anomaly.ts';
import { train } from '../../../training/train.ts';
import { temporaryFolder } from '../../support/data/data.ts';
import { written } from '../../support/data/tables.ts';

const DIVISION = { shares: { validation: 0.2, test: 0.3 }, seed: 1 };

/** Rows near a line; every tenth is an anomaly, of which half are on the line but far out. */
function pumps(): string {
  const source = random(4, 'pumps');
  const lines = Array.from({ length: 400 }, (_, row) => {
    const t = source.uniform();
    const isAnomaly = row % 10 === 0;
    const far = isAnomaly && row % 20 === 0 ? 3 : 0;
    const values = [t + far, 2 * t + 2 * far, 1 - t - far].map((value) => value + 0.05 * source.uniform());
    if (isAnomaly && far === 0) values[1]! -= 2;
    return [...values.map((value) => value.toFixed(4)), isAnomaly ? 'faulty' : 'ok'].join(',');
  });
  return written('pumps.csv', `a,b,c,state_label\n${lines.join('\n')}\n`);
}

it('the share above the threshold is that of the scores of the exported graph', async () => {
  const data = await anomaly.data(pumps(), DIVISION, { label: 'state_label' });
  const settings = { ...anomaly.settings, epochs: 20 };
  const { artifact } = await train({
    ...{ name: 'pumps', data, variant: anomaly.variant, settings },
    out: temporaryFolder(),
  });
  const { manifest, graphs } = artifact;
  const { aboveThreshold, metrics, rows } = await evaluateArtifact(artifact, data, 'all');
  expect(rows).toBe(400);

  const model = await openWasm(graphs.autoencoder);
  const { columns } = data.preprocessing!.table;
  const raw = new Float32Array(3 * rows);
  columns.forEach((column, c) => {
    for (let row = 0; row < rows; row++) raw[3 * row + c] = (column as { values: Float64Array }).values[row]!;
  });
  const { anomaly_score, error } = await model.runTensors({
    rows: { dtype: 'float32', shape: [rows, 3], data: raw },
  });
  await model.release();
  const isAlarm = Array.from(
    anomaly_score!.data as Float32Array,
    (score) => score > manifest.anomalyScore!.threshold,
  );
  expect(aboveThreshold).toBeCloseTo(isAlarm.filter(Boolean).length / rows, 9);
  // By reconstruction errors, which judge no row of this model, other rows would be alarms.
  const errors = Array.from(error!.data as Float32Array);
  const byError = errors.map((each) => each > manifest.reconstructionError.threshold);
  expect(byError).not.toEqual(isAlarm);

  // Precision and recall of these alarms, counted here.
  const isFaulty = Array.from({ length: rows }, (_, row) => row % 10 === 0);
  const found = isAlarm.filter((alarm, row) => alarm && isFaulty[row]).length;
  expect(metrics['alarm-recall']).toBeCloseTo(found / 40, 9);
  expect(metrics['alarm-precision']).toBeCloseTo(found / isAlarm.filter(Boolean).length, 9);
  expect(metrics['roc-auc']).toBeGreaterThan(0.8);
});

it('rows without an anomaly are evaluated, too, as those of a quiet night', async () => {
  const data = await anomaly.data(pumps(), DIVISION, { label: 'state_label' });
  const quiet = written(
    'quiet.csv',
    `a,b,c,state_label\n${Array.from({ length: 30 }, (_, i) => `0.${i},0.${2 * i},0.5,ok`).join('\n')}\n`,
  );
  const { choices } = data;
  expect(choices).toMatchObject({ positive: ['faulty'] });
  const { labels, notes } = await anomaly.data(quiet, DIVISION, choices);
  expect(labels!.anomalous).toEqual(['faulty']);
  expect(notes!.join('\n')).toMatch(/faulty marks anomalies, since it was asked for \(no row holds faulty\)/);
});
