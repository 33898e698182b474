/** Building `helloWorker.ts` as the Worker itself is built. */
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { wrangler } from '../../lib/worker.ts';
import { readWorkerConfig } from '../../lib/wranglerConfig.ts';

/** The folder of the build. */
export async function buildHello(folder: string): Promise<string> {
  const { compatibility_date, minify } = readWorkerConfig();
  const main = fileURLToPath(new URL('helloWorker.ts', import.meta.url));
  const [config, directory] = [join(folder, 'wrangler.json'), resolve(folder, 'upload')];
  await mkdir(folder, { recursive: true });
  await writeFile(config, JSON.stringify({ name: 'hello', main, compatibility_date, minify }));
  const { command, args, env } = wrangler(['deploy', '--dry-run', '--config', config, '--outdir', directory]);
  await promisify(execFile)(command, args, { env });
  return join(directory, 'helloWorker.js');
}
