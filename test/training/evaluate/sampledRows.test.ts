import { expect, it } from 'vitest';
import { random } from '../../../shared/random.ts';
import { evaluateArtifact } from '../../../training/artifact/evaluateArtifact.ts';
import { sampledRows } from '../../../training/evaluate/evidence/sampledRows.ts';
import { anomaly } from '../../../training/recipes/anomaly.ts';
import { train } from '../../../training/train.ts';
import { temporaryFolder } from '../../support/data/data.ts';
import { written } from '../../support/data/tables.ts';
import { fullIt } from '../../support/suites/full.ts';

/** Sorted by class, as parts of a stratified split are: the anomalies come last. */
const labels = { rows: Array.from({ length: 9000 }, (_, row) => Number(row >= 8900)) };

it('samples rows by class, the same ones for the same seed', () => {
  const rows = sampledRows(9000, 2000, labels, 1);
  expect([rows.length, new Set(rows).size]).toEqual([2000, 2000]);
  expect(rows.filter((row) => labels.rows[row] === 1)).toHaveLength(22);
  expect([...rows]).toEqual([...rows].sort((a, b) => a - b));
  expect(sampledRows(9000, 2000, labels, 1)).toEqual(rows);
  expect(sampledRows(9000, 2000, labels, 2)).not.toEqual(rows);
});

it('keeps at least one row of each class, and all rows where there are few', () => {
  const rare = { rows: labels.rows.map((_, row) => Number(row === 8999)) };
  expect(sampledRows(9000, 100, rare, 1)).toContain(8999);
  expect([...sampledRows(3, 100, undefined, 1)]).toEqual([0, 1, 2]);
  expect(sampledRows(9000, 2000, undefined, 1)).toHaveLength(2000);
});

fullIt('is what a report shows of many rows, whose anomalies come last', async () => {
  const source = random(6, 'sorted');
  const lines = Array.from({ length: 2500 }, (_, row) => {
    const state = row < 2400 ? 'ok' : 'faulty';
    return [source.uniform().toFixed(3), source.uniform().toFixed(3), state].join(',');
  });
  const path = written('sorted.csv', `a,b,state_label\n${lines.join('\n')}\n`);
  const division = { shares: { validation: 0.2, test: 0.2 }, seed: 1 };
  const data = await anomaly.data(path, division, { label: 'state_label' });
  const settings = { hidden: [4], codeSize: 1, epochs: 1 };
  const { artifact } = await train({ name: 'sorted', data, settings, out: temporaryFolder() });
  const { scatter, detection } = (await evaluateArtifact(artifact, data, 'all')).evaluation;
  expect(scatter.labels!.filter((label) => label === 'faulty')).toHaveLength(80);
  expect(detection!.scores).toHaveLength(2000);
});
