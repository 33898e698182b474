/**
 * Building and running `helloWorker.ts`, a minimal Worker: the baseline for what Hono and workerd cost by
 * themselves.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { packageModule } from '../cli/places.ts';
import { startMiniflare } from './supervisor.ts';
import type { RunningWorker } from './worker.ts';
import { wrangler } from './wranglerCommand.ts';
import { readWorkerConfig } from './wranglerConfig.ts';

/** Builds the Worker in `folder`, as the real one is built, and returns the path of its module. */
async function buildHello(folder: string): Promise<string> {
  const { compatibility_date, minify } = await readWorkerConfig();
  const main = packageModule('scripts/worker/helloWorker');
  const [config, directory] = [join(folder, 'wrangler.json'), resolve(folder, 'upload')];
  await mkdir(folder, { recursive: true });
  await writeFile(config, JSON.stringify({ name: 'hello', main, compatibility_date, minify }));
  const { command, args, env } = wrangler(['deploy', '--dry-run', '--config', config, '--outdir', directory]);
  await promisify(execFile)(command, args, { env });
  return join(directory, 'helloWorker.js');
}

/** Runs the minimal Worker in its own workerd, past Miniflare's proxy; `url` is the address of its greeting. */
export async function startHello(): Promise<Pick<RunningWorker, 'url' | 'dispose'>> {
  const folder = await mkdtemp(join(tmpdir(), 'latentedge-hello-'));
  try {
    const miniflare = startMiniflare({
      modules: true,
      script: await readFile(await buildHello(folder), 'utf8'),
      compatibilityDate: (await readWorkerConfig()).compatibility_date!,
      cf: false,
      unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
    });
    await miniflare.ready;
    return {
      url: new URL('/hello', await miniflare.unsafeGetDirectURL()),
      dispose: () => miniflare.dispose(),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}
