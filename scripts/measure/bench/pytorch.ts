/**
 * PyTorch as a contender in benchmarks. It takes part if a `python3` with torch is on the PATH, and is never
 * required.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Contender, THREADS, type TrainingWork } from './contender.ts';

const SCRIPT = fileURLToPath(new URL('./pytorch.py', import.meta.url));

/**
 * Returns a contender per thread count that trains the same model from the same weights in PyTorch; none
 * without PyTorch.
 * @param model Path of the Python file that builds the model of the case.
 */
export async function pytorchContenders(model: string, work: TrainingWork): Promise<Contender[]> {
  if (spawnSync('python3', ['-c', 'import torch']).status !== 0) return [];
  const folder = mkdtempSync(join(tmpdir(), 'latentedge-bench-'));
  const { program, rows, batchSize } = work;
  const shapes = program.parameters.map(({ name, shape }) => [name, shape] as const);
  writeFileSync(join(folder, 'shapes.json'), JSON.stringify(Object.fromEntries(shapes)));
  for (const { initial } of program.parameters) appendFileSync(join(folder, 'weights.bin'), bytesOf(initial));
  writeFileSync(join(folder, 'rows.bin'), rows.data);
  const flags = [model, folder, String(rows.width), String(batchSize)];
  const child = spawn('python3', [SCRIPT, ...flags], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${SCRIPT} with ${model} ended with ${(await exited)[0]}`);
    return JSON.parse(value) as number;
  };
  const dispose = async () => {
    child.stdin.end();
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  const loss = await answer();
  return THREADS.map((threads) => ({
    name: 'pytorch',
    loss,
    run: (steps) => {
      child.stdin.write(`${threads} ${steps}\n`);
      return answer();
    },
    dispose,
  }));
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
