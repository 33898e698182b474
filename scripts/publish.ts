/** `npm run publish -- <model>`: puts an artifact into the bucket of a target, and routes requests to it. */
import { Option } from 'commander';
import { readArtifact } from '../training/artifact/artifact.ts';
import { A_MODEL, artifactFolder } from './cli/artifacts.ts';
import { command, printer, run } from './cli/command.ts';
import { withEnvironmentFlag } from './cli/environmentFlag.ts';
import { numberIn, summaries } from './cli/flags.ts';
import { given as givenCommand } from './retrain/again.ts';
import { abortOnSignal } from './retrain/interruptible.ts';
import { publishVersion } from './retrain/publishVersion.ts';
import type { ReleaseName } from './retrain/release/registry.ts';
import { acceptShadow, withReleaseFlags } from './retrain/releaseFlags.ts';
import { withAnswers } from './retrain/stored.ts';
import { TARGET_NAMES, TARGETS, type TargetName } from './retrain/targets/registry.ts';
import { unopened } from './retrain/unopened.ts';

interface PublishFlags {
  readonly target: TargetName;
  readonly url?: string;
  readonly canary?: number;
  readonly shadow?: number;
  readonly accept: readonly string[];
  readonly allowBreaking: boolean;
  readonly release?: ReleaseName;
  readonly replaceCode: boolean;
  readonly dryRun: boolean;
  readonly json?: boolean;
}

const program = withReleaseFlags(
  withEnvironmentFlag(
    command(
      'publish',
      'Publish an artifact, trained here or imported: check it by the gates that need no rows, upload it, ask for its known answers, and route requests to it.',
    ),
  ),
)
  .argument('<model>', A_MODEL)
  .addOption(
    new Option('--target <name>', `where it is published and served: ${summaries(TARGETS)}`)
      .choices(TARGET_NAMES)
      .default('local'),
  )
  .option('--url <url>', 'URL of the Worker that is asked for known answers (default: depends on the target)')
  .option('--canary <percentage>', 'share of the requests that it answers at first', numberIn(0, 100))
  .addOption(
    new Option(
      '--shadow <percentage>',
      'share of the requests that it is asked next to the version in production, unseen by clients',
    )
      .argParser(numberIn(0, 100))
      .conflicts('canary'),
  )
  .addOption(acceptShadow('if the version was a shadow'))
  .option(
    '--allow-breaking',
    'accept a version that clients of the one in production may not understand',
    false,
  )
  .option('--dry-run', 'check it, and only print what would be changed', false)
  .action(async (folder: string, { target: name, ...flags }: PublishFlags) => {
    const { url, canary, shadow, accept, allowBreaking, release, replaceCode, dryRun, json } = flags;
    const print = printer(json);
    const version = await withAnswers(await readArtifact(await artifactFolder(folder)));
    const given = givenCommand('publish');
    const target = await TARGETS[name]
      .open({ url, release, replaceCode, dryRun, serves: true, print })
      .catch(async (thrown: unknown) => {
        const { name: model } = version.manifest;
        throw (await unopened(thrown, { target: name, release, model, command: given, print })).error;
      });
    const interrupt = new AbortController();
    const ignoreSignals = abortOnSignal(interrupt, target, version.manifest.name);
    try {
      const call = {
        version,
        target,
        canary,
        shadow,
        accept,
        allowBreaking,
        command: given,
        signal: interrupt.signal,
        print,
      };
      const published = await publishVersion(call);
      if (json) console.log(JSON.stringify(published));
    } finally {
      ignoreSignals();
      await target.close();
    }
  });

await run(program);
