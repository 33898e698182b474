/**
 * `npm run deploy`: uploads the Worker with trained models to Cloudflare, or shows and changes which version
 * of a model answers.
 */
import { Option } from 'commander';
import { MODELS } from './cli/artifacts.ts';
import { command, run } from './cli/command.ts';
import { withEnvironmentFlag } from './cli/environmentFlag.ts';
import { printAside } from './cli/printable.ts';
import { waitingProgress } from './cli/progress.ts';
import type { DeployOptions } from './deploying/deploy.ts';
import type { ControlFlags, ControlName } from './retrain/controlFlags.ts';
import { acceptShadow, withReleaseFlags } from './retrain/releaseFlags.ts';
import { TARGET_NAMES } from './retrain/targets/registry.ts';
import { PLANS } from './worker/budget/limits.ts';

/** Flags that show or change which version answers, in place of a deployment; the first of them counts. */
const CONTROLS = [
  'status',
  'history',
  'rollback',
  'promote',
  'endShadow',
] as const satisfies readonly ControlName[];

const program = withReleaseFlags(
  withEnvironmentFlag(
    command(
      'deploy',
      'Upload the Worker and its models to the Cloudflare account that wrangler is logged in to.',
    ),
  ),
)
  .argument(
    '[model...]',
    `${MODELS}; default: the production version of every model, and the newest of models without aliases`,
  )
  .option('--force', 'bundle a candidate that no retraining has promoted, even a refused one', false)
  .option('--dry-run', 'build the Worker and report its size without uploading it')
  .option('--check', "measure the Worker against Cloudflare's limits without uploading it (Linux)")
  .option('--cost', 'measure what a month of requests costs on each plan, without uploading (Linux)')
  .addOption(new Option('--plan <plan>', 'plan whose limits --check applies').choices(PLANS).default('paid'))
  .option('--mount <path>', 'with --check or --cost: path at which a Worker of your own mounts the API')
  .option(
    '--header <header...>',
    "with --check or --cost: headers that a Worker of your own expects, for instance 'Authorization: Bearer secret'",
    [],
  )
  .option('--status [model]', 'show the versions in production and any run in progress')
  .option('--history [model]', 'show what retrain runs and manual commands have done')
  .option('--rollback [model]', 'remove the canary or, if there is none, restore the previous version')
  .option(
    '--promote [model@version]',
    'route all requests to the canary or, without one, the shadow, or to the given version',
  )
  .option('--end-shadow [model]', 'have the shadow asked no more')
  .addOption(acceptShadow('with --promote of a shadow'))
  .addOption(
    new Option(
      '--target <name>',
      'environment that --status, --history, --rollback, --promote and --end-shadow act on',
    )
      .choices(TARGET_NAMES)
      .default('cloudflare'),
  )
  .action(async (directories: string[], options: DeployOptions & ControlFlags) => {
    const name = CONTROLS.find((each) => options[each] !== undefined);
    if (name === undefined) {
      // Bundling takes a while to load, which whoever asks for the status should not wait for.
      const { deploy } = await import('./deploying/deploy.ts');
      return deploy(directories, options);
    }
    const progress = waitingProgress(`${flagOf(name)} with --target ${options.target}`, printAside);
    await import('./retrain/controlFlags.ts')
      .then(({ control }) => control(name, options, progress))
      .finally(progress.stop);
  });

function flagOf(name: ControlName): string {
  return `--${name.replace('endShadow', 'end-shadow')}`;
}

await run(program);
