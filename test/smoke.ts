/** `npm run smoke`: from digits to an answer of the typed client, by the commands, on the version of Node that runs this. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '../edge/client.ts';
import { readArtifact } from '../training/artifact/artifact.ts';
import { takeRows } from '../training/data/batches.ts';
import { digits } from '../training/data/digits.ts';
import { openNative } from '../training/engines/inference.ts';

const ROOT = join(import.meta.dirname, '..');
const TOLERANCE = 1e-5;

function command(name: string, flags: readonly string[]) {
  const args = ['--import', 'tsx', join('scripts', `${name}.ts`), ...flags, '--json'];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
  let stdout = '';
  /** The object that the command prints. */
  const printed = new Promise<Record<string, unknown>>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (stdout.includes('\n')) resolve(JSON.parse(stdout));
    });
    child.once('close', (code) => reject(new Error(`${name} ended with exit code ${code}: ${stdout}`)));
  });
  return { child, printed };
}

const start = performance.now();
const out = await mkdtemp(join(tmpdir(), 'latentedge-smoke-'));
try {
  const training = command('train', ['digits', '--out', out, '--set', 'epochs=2', 'hidden=[16]']);
  const { artifact: directory } = (await training.printed) as { artifact: string };
  if (training.child.exitCode === null) await once(training.child, 'close');

  const serving = command('serve', [directory, '--port', '0']);
  const { url } = (await serving.printed) as { url: string };
  const rows = takeRows((await digits()).rows, Uint32Array.of(0));
  const response = await createClient(url).v1.models[':model'].encode.$post({
    param: { model: 'digits' },
    json: { rows: [Array.from(rows.data)] },
  });
  if (!response.ok) throw new Error((await response.json()).detail);
  const { codes } = await response.json();

  const encoder = await openNative((await readArtifact(directory)).graphs.encoder!);
  const { code } = await encoder.run(rows);
  await encoder.release();
  const scale = Math.max(1, ...code!.map(Math.abs));
  const difference = Math.max(...code!.map((value, i) => Math.abs(value - codes[0]![i]!))) / scale;
  if (!(difference <= TOLERANCE))
    throw new Error(
      `expected the code of onnxruntime-node within ${TOLERANCE}, received one ${difference} away`,
    );

  serving.child.kill('SIGINT');
  const [exitCode] = await once(serving.child, 'close');
  if (exitCode !== 130) throw new Error(`serve: expected exit code 130 at Ctrl-C, received ${exitCode}`);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  process.stdout.write(`smoke test passed on Node ${process.versions.node} in ${seconds} s\n`);
} finally {
  await rm(out, { recursive: true, force: true });
}
