/** `npm run retrain -- <recipe>`: trains a challenger, and deploys it if it is better. */
import { InvalidArgumentError, Option } from 'commander';
import { InputError } from '../shared/errors.ts';
import { ENGINES } from '../training/engines/registry.ts';
import { command, printer, run } from './cli/command.ts';
import { parseSeed, parseThreads } from './cli/flags.ts';
import type { RetrainOptions } from './retrain/context.ts';
import { servedDrift } from './retrain/drift.ts';
import { GATES } from './retrain/gates/registry.ts';
import { METRICS } from './retrain/metrics/registry.ts';
import { RELEASE_NAMES, type ReleaseName } from './retrain/release/registry.ts';
import { retrain } from './retrain/retrain.ts';
import { TARGET_NAMES, TARGETS, type TargetName } from './retrain/targets/registry.ts';

interface Flags extends Omit<RetrainOptions, 'limits'> {
  readonly target: TargetName;
  readonly url?: string;
  readonly release?: ReleaseName;
  readonly gate: readonly string[];
  readonly ifDrift?: number;
  readonly wait: number;
  readonly lockSeconds: number;
  readonly dryRun: boolean;
  readonly json?: boolean;
}

const program = command(
  'retrain',
  'Train a challenger, and have it answer in place of the champion if it is no worse.',
)
  .usage('<recipe> [options]')
  .argument('<recipe>', 'what to train')
  .option('--data <path>', 'where the data is, as for train')
  .addOption(
    new Option('--target <name>', 'where it is published and served').choices(TARGET_NAMES).default('local'),
  )
  .addOption(
    new Option(
      '--release <kind>',
      'with --target cloudflare: aliases, for models of the bucket, or versions, for bundled models (default: versions where RUNTIME in wrangler.toml is frozen)',
    ).choices(RELEASE_NAMES),
  )
  .option('--url <address>', 'the Worker that serves (default: LATENTEDGE_URL; npm run serve)')
  .option('--canary <percent>', 'have it answer so many of 100 requests first', numberIn(0, 100))
  .option('--watch <seconds>', 'how long the canary is watched', numberIn(-1, 86_400), 60)
  .option('--gate <name:limit...>', `another limit for one of ${Object.keys(limited()).join(', ')}`, [])
  .option('--allow-breaking', 'let other features, codes and operations pass', false)
  .option('--warm-start', "start from the champion's weights", false)
  .option('--if-drift <score>', 'do nothing while the drift of requests is below this', numberIn(-1, 1))
  .option('--dry-run', 'train and judge, but only say what would be written, run and asked', false)
  .option('--wait <seconds>', 'how long to wait for another run', numberIn(-1, 86_400), 0)
  .option(
    '--lock-seconds <seconds>',
    'after how long the lock of a run that is gone is free',
    numberIn(0, 3600),
    60,
  )
  .option('--out <folder>', 'artifacts are written to <folder>/<model>/<version>', 'artifacts')
  .option('--engine <name>', `what runs the training: ${Object.keys(ENGINES).join(' or ')}`, 'onnxruntime')
  .option('--seed <number>', 'of the training, and of the bootstrap', parseSeed, 1)
  .option('--threads <number>', 'threads within one operator (default: all cores)', parseThreads)
  .option('--set <key=value...>', 'override settings of the recipe', [])
  .action(
    async (
      recipe: string,
      { target: name, url, release, gate, ifDrift, wait, lockSeconds, json, ...flags }: Flags,
    ) => {
      process.once('SIGTERM', ended);
      const print = printer(json);
      const { dryRun, ...options } = flags;
      const limits = parseLimits(gate);
      const target = await TARGETS[name]({ url, release, dryRun, serves: true, print });
      try {
        if (ifDrift !== undefined) {
          const score = await servedDrift(target, recipe);
          print(`drift of requests: ${score?.toFixed(3) ?? 'not known yet'}; training from ${ifDrift}`);
          if (score === null || score < ifDrift) {
            if (json) console.log(JSON.stringify({ outcome: 'not needed', drift: score }));
            return;
          }
        }
        const done = await retrain({
          recipe,
          // What is not there cannot be watched.
          options: { ...options, limits, ...(dryRun && { watch: 0 }) },
          target,
          lockSeconds,
          wait,
          print,
        });
        print(`\n${done.model}@${done.challenger}: ${done.outcome}`);
        if (json) console.log(JSON.stringify(done));
      } finally {
        await target.close();
      }
    },
  );

/** At once, as if killed: before Miniflare, which would end the process as if all were done. */
function ended(): void {
  console.error('error: ended by SIGTERM: the next run continues this one, or takes back what it left');
  process.exit(128 + 15);
}

/** What has a limit that a flag may replace. */
function limited(): Readonly<Record<string, number>> {
  const own = Object.entries({ ...METRICS, ...GATES }).flatMap(([name, each]) =>
    'limit' in each && each.limit !== undefined ? [[name, each.limit]] : [],
  );
  return Object.fromEntries(own);
}

function parseLimits(pairs: readonly string[]): Record<string, number> {
  const known = limited();
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = '', text = ''] = pair.split(':');
      const limit = Number(text);
      if (Object.hasOwn(known, name) && text !== '' && Number.isFinite(limit)) return [name, limit];
      throw new InputError(
        `--gate: expected name:limit, the name one of ${Object.keys(known).join(', ')}, received '${pair}'`,
      );
    }),
  );
}

/** A number above `low`, up to `high`. */
function numberIn(low: number, high: number) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && value > low && value <= high) return value;
    throw new InvalidArgumentError(`expected a number above ${low}, up to ${high}.`);
  };
}

await run(program);
