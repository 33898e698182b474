/**
 * PyTorch as a reference for experiments. It is used if a `python3` with torch is on the PATH, and is never
 * required.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { batches } from '../../../training/data/batches.ts';
import type { Split } from '../../../training/data/split.ts';

const SCRIPT = fileURLToPath(new URL('./pytorch.py', import.meta.url));

/** Rows per write. */
const BATCH = 4096;

export function hasPytorch(): boolean {
  return spawnSync('python3', ['-c', 'import torch']).status === 0;
}

export interface PytorchJob {
  readonly variant: string;
  /** All settings, including defaults. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly rowShape: readonly number[];
  readonly seed: number;
}

const PytorchAnswer = z.strictObject({
  torch: z.string(),
  seconds: z.number(),
  metrics: z.record(z.string(), z.number()),
});

/**
 * Trains the same model on the same rows in PyTorch.
 * @throws {Error} if `pytorch.py` does not support the variant or a setting.
 */
export function trainInPytorch(job: PytorchJob, split: Split): z.infer<typeof PytorchAnswer> {
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
    return PytorchAnswer.parse(
      JSON.parse(execFileSync('python3', [SCRIPT, folder], { encoding: 'utf8', stdio: [...stdio] })),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
