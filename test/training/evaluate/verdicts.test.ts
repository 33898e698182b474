/** Rows above the threshold are those that the model itself calls anomalies. */
import { expect, it } from 'vitest';
import { random } from '../../../shared/random.ts';
import type { TrainedArtifact } from '../../../training/artifact/artifact.ts';
import { evaluateArtifact } from '../../../training/artifact/evaluateArtifact.ts';
import type { NumberColumn, Table } from '../../../training/data/table.ts';
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

/** Rows anywhere around the line, so that errors and scores order them in different ways. */
function strays(): string {
  const source = random(5, 'strays');
  const lines = Array.from({ length: 300 }, () =>
    Array.from({ length: 3 }, () => (4 * source.uniform() - 1).toFixed(4)).join(','),
  );
  return written('strays.csv', `a,b,c\n${lines.join('\n')}\n`);
}

/** Answers of the exported graph in WASM, which Workers run. */
async function answers({ graphs }: TrainedArtifact, { columns, rowCount }: Table) {
  const raw = new Float32Array(3 * rowCount);
  columns.slice(0, 3).forEach((column, c) => {
    for (let row = 0; row < rowCount; row++) raw[3 * row + c] = (column as NumberColumn).values[row]!;
  });
  const model = await openWasm(graphs.autoencoder);
  const { anomaly_score, error } = await model.runTensors({
    rows: { dtype: 'float32', shape: [rowCount, 3], data: raw },
  });
  await model.release();
  const numbers = (tensor: typeof error) => Array.from(tensor!.data as Float32Array);
  return { scores: numbers(anomaly_score), errors: numbers(error) };
}

const shareAbove = (values: readonly number[], threshold: number) =>
  values.filter((value) => value > threshold).length / values.length;

it('the share above the threshold, precision and recall are those of the scores of the exported graph', async () => {
  const data = await anomaly.data(pumps(), DIVISION, { label: 'state_label' });
  const settings = { ...anomaly.settings, epochs: 20 };
  const { artifact } = await train({
    ...{ name: 'pumps', data, variant: anomaly.variant, settings },
    out: temporaryFolder(),
  });
  const { anomalyScore, reconstructionError } = artifact.manifest;
  const { threshold } = anomalyScore!;

  const known = await evaluateArtifact(artifact, data, 'all');
  const { scores } = await answers(artifact, data.preprocessing!.table);
  expect(known.aboveThreshold).toBeCloseTo(shareAbove(scores, threshold), 9);
  const found = scores.filter((score, row) => score > threshold && row % 10 === 0).length;
  expect(known.metrics['alarm-recall']).toBeCloseTo(found / 40, 9);
  expect(known.metrics['alarm-precision']).toBeCloseTo(found / (400 * known.aboveThreshold!), 9);
  expect(known.metrics['roc-auc']).toBeGreaterThan(0.8);

  const others = await anomaly.data(strays(), DIVISION);
  const { aboveThreshold } = await evaluateArtifact(artifact, others, 'all');
  const given = await answers(artifact, others.preprocessing!.table);
  expect(aboveThreshold).toBeCloseTo(shareAbove(given.scores, threshold), 9);
  // Reconstruction errors, which judge no row of this model, would give other shares.
  for (const limit of [threshold, reconstructionError.threshold])
    expect(Math.abs(shareAbove(given.errors, limit) - aboveThreshold!)).toBeGreaterThan(0.01);
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
