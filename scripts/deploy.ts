/** `npm run deploy`: the Worker with trained models, uploaded to Cloudflare by wrangler; and which version of a model answers. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Option } from 'commander';
import type { Manifest } from '../shared/manifest.ts';
import { chosenArtifacts } from './cli/artifacts.ts';
import { command, EXIT, printer, run } from './cli/command.ts';
import { kib } from './cli/tables.ts';
import { type ControlFlags, control } from './retrain/controlFlags.ts';
import { RELEASE_NAMES } from './retrain/release/registry.ts';
import { TARGET_NAMES } from './retrain/targets/registry.ts';
import { exceeded, LIMITS, PLANS, type Plan } from './worker/budget/limits.ts';
import { measureBudget } from './worker/budget/measure.ts';
import { renderBudget } from './worker/budget/render.ts';
import { bundleModels } from './worker/bundle.ts';
import { buildWorker, type WorkerBuild, wrangler } from './worker/worker.ts';

interface DeployOptions extends ControlFlags {
  readonly check?: boolean;
  readonly plan: Plan;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const program = command(
  'deploy',
  'Upload the Worker with its models to the Cloudflare account that wrangler knows.',
)
  .argument('[artifact...]', 'artifact folders (default: the newest version of every model in ./artifacts)')
  .option('--dry-run', 'build and say how large the upload is, but upload nothing')
  .option('--check', 'measure what the Worker takes of what Cloudflare allows, and upload nothing (Linux)')
  .addOption(new Option('--plan <plan>', 'whose limits the check holds it to').choices(PLANS).default('paid'))
  .option('--status [model]', 'say which versions of models answer, and whether a run is at work')
  .option('--history [model]', 'say what runs of retrain, and people, have done')
  .option('--rollback [model]', 'take the canary off or, without one, have the version before answer')
  .option('--promote [model@version]', 'have the canary, or the version that is named, answer all requests')
  .addOption(
    new Option('--target <name>', 'whose versions these are').choices(TARGET_NAMES).default('cloudflare'),
  )
  .addOption(
    new Option(
      '--release <kind>',
      'with --target cloudflare: aliases, for models of the bucket, or versions, for bundled models (default: versions where RUNTIME in wrangler.toml is frozen)',
    ).choices(RELEASE_NAMES),
  )
  .action((directories: string[], options: DeployOptions) =>
    control(options).then((isDone) => (isDone ? undefined : deploy(directories, options))),
  );

async function deploy(directories: string[], options: DeployOptions): Promise<void> {
  const { check, dryRun, json } = options;
  const print = printer(json);
  const artifacts = await chosenArtifacts(directories);
  const manifests = artifacts.map(({ manifest }) => manifest);
  const models = manifests.map(({ name, version }) => ({ name, version }));
  // Where wrangler.toml looks for them, so that wrangler's own commands use the same models.
  const bundle = await bundleModels(artifacts, join('artifacts', 'bundle'), { print });
  const folder = await mkdtemp(join('artifacts', '.worker-'));
  try {
    const build = await buildWorker(folder, bundle);
    const { bytes, gzipBytes } = build;
    print(`${models.map(({ name, version }) => `${name}@${version}`).join(', ')}`);
    if (check) {
      const budget = await checkBudget(build, manifests, options);
      if (json) console.log(JSON.stringify({ models, ...budget }));
      return;
    }
    const { free, paid } = LIMITS.uploadGzip.limits;
    const allowed = `Cloudflare takes ${kib(free * 1024)} gzip free, ${kib(paid * 1024)} paid`;
    const verdict = PLANS.map((plan) =>
      gzipBytes <= LIMITS.uploadGzip.limits[plan] * 1024 ? `fits ${plan}` : `does not fit ${plan}`,
    );
    print(`upload: ${kib(gzipBytes)} gzip (${kib(bytes)}); ${allowed}: ${verdict.join(', ')}`);
    if (!dryRun) process.exitCode = upload(json);
    if (json)
      console.log(
        JSON.stringify({ models, bytes, gzipBytes, uploaded: !dryRun && process.exitCode === EXIT.done }),
      );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Measures, prints the verdicts, and fails where the plan does not allow it. */
async function checkBudget(
  build: WorkerBuild,
  manifests: readonly Manifest[],
  { plan, json }: DeployOptions,
) {
  const figures = await measureBudget(build, manifests);
  const over = exceeded(figures, plan);
  const print = printer(json);
  print(renderBudget(figures));
  print(
    over.length === 0
      ? `fits the ${plan} plan`
      : `does not fit the ${plan} plan: ${over.map((name) => LIMITS[name].title).join('; ')}`,
  );
  if (over.length > 0) process.exitCode = EXIT.failed;
  return { plan, fits: over.length === 0, exceeded: over, figures };
}

/** Wrangler logs in, uploads and reports by itself; with `--json` its report goes to stderr. */
function upload(json: boolean | undefined): number {
  const { command: program, args, env } = wrangler(['deploy']);
  const { status } = spawnSync(program, args, { env, stdio: ['inherit', json ? 2 : 'inherit', 'inherit'] });
  return status === 0 ? EXIT.done : EXIT.failed;
}

await run(program);
