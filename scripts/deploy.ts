/** `npm run deploy`: the Worker with trained models, uploaded to Cloudflare by wrangler. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { chosenArtifacts } from './lib/artifacts.ts';
import { bundleModels } from './lib/bundle.ts';
import { command, EXIT, printer, run } from './lib/command.ts';
import { kib } from './lib/tables.ts';
import { buildWorker, wrangler } from './lib/worker.ts';

interface DeployOptions {
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const program = command(
  'deploy',
  'Upload the Worker with its models to the Cloudflare account that wrangler knows.',
)
  .argument('[artifact...]', 'artifact folders (default: the newest version of every model in ./artifacts)')
  .option('--dry-run', 'build and say how large the upload is, but upload nothing')
  .action(deploy);

async function deploy(directories: string[], { dryRun, json }: DeployOptions): Promise<void> {
  const print = printer(json);
  const artifacts = await chosenArtifacts(directories);
  const models = artifacts.map(({ manifest: { name, version } }) => ({ name, version }));
  // Where wrangler.toml looks for them, so that wrangler's own commands use the same models.
  const bundle = await bundleModels(artifacts, join('artifacts', 'bundle'));
  const folder = await mkdtemp(join('artifacts', '.worker-'));
  try {
    const { bytes, gzipBytes } = await buildWorker(folder, bundle);
    print(`${models.map(({ name, version }) => `${name}@${version}`).join(', ')}`);
    print(
      `upload: ${kib(gzipBytes)} gzip (${kib(bytes)}); Cloudflare takes 3,072 KiB gzip free, 10,240 KiB paid`,
    );
    if (!dryRun) process.exitCode = upload(json);
    if (json)
      console.log(
        JSON.stringify({ models, bytes, gzipBytes, uploaded: !dryRun && process.exitCode === EXIT.done }),
      );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Wrangler logs in, uploads and reports by itself; with `--json` its report goes to stderr. */
function upload(json: boolean | undefined): number {
  const { command: program, args, env } = wrangler(['deploy']);
  const { status } = spawnSync(program, args, { env, stdio: ['inherit', json ? 2 : 'inherit', 'inherit'] });
  return status === 0 ? EXIT.done : EXIT.failed;
}

await run(program);
