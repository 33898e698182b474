/** PyOD's detectors as a reference, if a `python3` with pyod is on the PATH; never required. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import type { Matrix } from '../../../../shared/tensor.ts';
import { takeRows } from '../../../../training/data/batches.ts';
import type { Split } from '../../../../training/data/split.ts';
import { labelledScores } from '../../../../training/evaluate/metrics/labelledScores.ts';

const SCRIPT = fileURLToPath(new URL('./detectors.py', import.meta.url));

/** The names that `detectors.py` gives its figures. */
export const PYOD_DETECTORS = ['PyOD forest', 'PyOD kNN', 'PyOD HBOS', 'PyOD ECOD'] as const;

export function hasPyod(): boolean {
  return spawnSync('python3', ['-c', 'import pyod']).status === 0;
}

export interface PyodJob {
  readonly split: Split;
  readonly seed: number;
}

const Figures = z.record(
  z.enum(PYOD_DETECTORS),
  z.strictObject({ 'roc-auc': z.number(), 'average-precision': z.number() }),
);

/**
 * Fits each detector with PyOD's defaults to the training rows of each job, and scores its test rows. One
 * process measures all jobs, since importing PyOD takes longer than most of them.
 */
export function pyodFigures(jobs: readonly PyodJob[]): z.infer<typeof Figures>[] {
  const folder = mkdtempSync(join(tmpdir(), 'latentedge-pyod-'));
  try {
    const folders = jobs.map((job, i) => writeJob(job, join(folder, String(i))));
    const answer = execFileSync('python3', [SCRIPT, ...folders], { encoding: 'utf8' });
    return z.array(Figures).length(jobs.length).parse(JSON.parse(answer));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeJob({ split: { train, test, testLabels }, seed }: PyodJob, folder: string): string {
  mkdirSync(folder);
  const all = Uint32Array.from({ length: train.rowCount }, (_, row) => row);
  const { classes } = labelledScores(new Float32Array(test.rowCount), testLabels!)!;
  const write = (name: string, { data }: Pick<Matrix, 'data'>) =>
    writeFileSync(join(folder, `${name}.bin`), new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  write('train', takeRows(train, all));
  write('test', test);
  const job = { width: test.width, seed, classes: [...classes] };
  writeFileSync(join(folder, 'job.json'), JSON.stringify(job));
  return folder;
}
