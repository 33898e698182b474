/** PyTorch as a peer of experiments: only where a `python3` with torch is on the PATH, and never required. */
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { batches } from '../../../training/data/batches.ts';
import type { Split } from '../../../training/data/split.ts';

const SCRIPT = fileURLToPath(new URL('./pytorch.py', import.meta.url));

/** Rows written at once. */
const BATCH = 4096;

export function hasPytorch(): boolean {
  return spawnSync('python3', ['-c', 'import torch']).status === 0;
}

export interface Job {
  readonly variant: string;
  /** All of them, with their defaults. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly rowShape: readonly number[];
  readonly seed: number;
}

const Answer = z.strictObject({
  torch: z.string(),
  seconds: z.number(),
  metrics: z.record(z.string(), z.number()),
});

/** Trains the same model on the same rows in PyTorch; fails for what `pytorch.py` does not know. */
export function trainInPytorch(job: Job, split: Split): z.infer<typeof Answer> {
  const folder = mkdtempSync(join(tmpdir(), 'latentedge-pytorch-'));
  try {
    writeFileSync(join(folder, 'job.json'), JSON.stringify(job));
    for (const name of ['train', 'validation', 'test'] as const) {
      for (const { data } of batches(split[name], BATCH)) {
        const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
        appendFileSync(join(folder, `${name}.bin`), bytes);
      }
    }
    const stdio = ['ignore', 'pipe', 'inherit'] as const;
    return Answer.parse(
      JSON.parse(execFileSync('python3', [SCRIPT, folder], { encoding: 'utf8', stdio: [...stdio] })),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
