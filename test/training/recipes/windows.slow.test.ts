/** A detector of windows, from a long series to a score per point. */
import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { trainRecipe } from '../../../scripts/cli/training.ts';
import { chosenOperation, queryOf } from '../../../scripts/scoring/chosenOperation.ts';
import { linesOf } from '../../../scripts/scoring/lines.ts';
import { offlineModel } from '../../../scripts/scoring/offline.ts';
import { batchesOf, fileRows } from '../../../scripts/scoring/rows.ts';
import { temporaryFolder } from '../../support/data/data.ts';
import { FAULT, pumpSeries } from '../../support/data/series.ts';

const LENGTH = 12;
const FAULTS = [2200, 2400, 2550, 2700, 2850];

it('finds faults that no single point shows, and calls the rest normal', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'pump.csv');
  writeFileSync(file, pumpSeries(3000, FAULTS).join('\n'));
  const printed: string[] = [];
  const run = { data: file, out: folder, engine: 'onnxruntime', seed: 1, length: `${LENGTH}`, set: [] };
  const { artifact } = await trainRecipe('windows', run, (line) => printed.push(line));
  const { metrics, baselines } = artifact.manifest;
  expect(printed.join('\n')).toContain(`windows of ${LENGTH} points (--length)`);
  expect(metrics['roc-auc']).toBeGreaterThan(0.98);
  expect(baselines.distance!['roc-auc']).toBeLessThan(0.7);
  for (const name of ['pca', 'knn']) expect(baselines[name]!['roc-auc']).toBeGreaterThan(0.9);

  const rows = await fileRows(artifact.manifest, file, ['time']);
  expect(rows.rowCount).toBe(3000 - LENGTH + 1);
  const { spec } = chosenOperation(artifact.manifest, undefined);
  const model = offlineModel(artifact, spec, queryOf(spec, []));
  const { value: batch } = await batchesOf(rows, rows.rowCount).next();
  const lines = linesOf(spec, await model.answer(batch!.rows, 0), { start: 0, kept: batch!.kept });
  await model.release();
  const scored = lines as unknown as { time: string; isAnomaly: boolean }[];
  const times = (await readFile(file, 'utf8'))
    .split('\n')
    .slice(1)
    .map((line) => line.split(',')[0]!);
  expect(scored.map(({ time }) => time.slice(0, 19))).toEqual(times.slice(LENGTH - 1));
  const alarms = new Set(scored.flatMap(({ isAnomaly }, i) => (isAnomaly ? [i + LENGTH - 1] : [])));
  const touched = new Set(
    FAULTS.flatMap((first) => Array.from({ length: FAULT + LENGTH - 1 }, (_, i) => first + i)),
  );
  for (const first of FAULTS) expect(alarms.has(first + FAULT - 1), `fault at ${first}`).toBe(true);
  const falseAlarms = [...alarms].filter((point) => !touched.has(point)).length;
  expect(falseAlarms / (rows.rowCount - touched.size)).toBeLessThan(0.12);
}, 120_000);
