/** PyTorch as a peer in benchmarks: only where a `python3` with torch is on the PATH, and never required. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Matrix } from '../../shared/tensor.ts';
import type { Program } from '../../training/engines/engine.ts';
import { type Contender, measurement } from './report.ts';

const SCRIPT = fileURLToPath(new URL('./pytorch_mlp.py', import.meta.url));

export interface PytorchOptions {
  readonly name: string;
  readonly program: Program;
  readonly rows: Matrix;
  readonly batchSize: number;
  readonly runs: number;
}

interface PytorchResult {
  readonly threads: number;
  readonly loss: number;
  readonly samplesPerSecond: number[];
}

/** The same training from the same weights in PyTorch at its best thread count; undefined where there is no PyTorch. */
export function measurePytorch({
  name,
  program,
  rows,
  batchSize,
  runs,
}: PytorchOptions): Contender | undefined {
  if (spawnSync('python3', ['-c', 'import torch']).status !== 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'latentedge-bench-'));
  try {
    const weights = program.parameters.map(({ shape, initial }) => ({ shape, data: [...initial] }));
    writeFileSync(join(folder, 'weights.json'), JSON.stringify(weights));
    writeFileSync(join(folder, 'rows.bin'), rows.data);
    const flags = [folder, rows.width, batchSize, runs, availableParallelism()].map(String);
    const { status, stdout, stderr } = spawnSync('python3', [SCRIPT, ...flags], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${SCRIPT} failed with ${status}: ${stderr}`);
    const results = JSON.parse(stdout) as PytorchResult[];
    const best = results
      .map(({ loss, samplesPerSecond }) => ({
        loss,
        measured: measurement(name, 'samples/s', samplesPerSecond),
      }))
      .toSorted((a, b) => b.measured.median - a.measured.median);
    return best[0];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
