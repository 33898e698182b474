/**
 * `npm run retrain -- <recipe>`: trains a challenger, and promotes it if it is no worse than the champion.
 */
import { InvalidArgumentError, Option } from 'commander';
import { InputError } from '../shared/errors.ts';
import { ENGINES } from '../training/engines/registry.ts';
import { withColumnFlags } from './cli/columnFlags.ts';
import { command, printer, run } from './cli/command.ts';
import { parseSeed, parseThreads, summaries } from './cli/flags.ts';
import { onStopSignal, STOP_CODES, type StopSignal } from './cli/signals.ts';
import type { RetrainOptions } from './retrain/context.ts';
import { ACCEPTABLE } from './retrain/gates/judging.ts';
import { GATES } from './retrain/gates/registry.ts';
import { METRICS } from './retrain/metrics/registry.ts';
import { RELEASE_NAMES, RELEASES, type ReleaseName } from './retrain/release/registry.ts';
import { retrain } from './retrain/retrain.ts';
import { servedDrift } from './retrain/servedDrift.ts';
import { TARGET_NAMES, TARGETS, type TargetName } from './retrain/targets/registry.ts';

interface RetrainFlags extends Omit<RetrainOptions, 'limits' | 'target'> {
  readonly targetColumn?: string;
  readonly target: TargetName;
  readonly url?: string;
  readonly release?: ReleaseName;
  readonly gate: readonly string[];
  readonly ifDrift?: number;
  readonly wait: number;
  readonly lockSeconds: number;
  readonly json?: boolean;
}

const program = withColumnFlags(
  command('retrain', 'Train a challenger, and promote it if it is no worse than the champion in production.'),
  // Here, the target is where the model is published.
  '--target-column',
)
  .usage('<recipe> [options]')
  .argument('<recipe>', 'recipe to train')
  .option(
    '--name <model>',
    'name of the model: of its lock, journal, aliases and address (default: that of the recipe)',
  )
  .option('--data <path>', 'location of the data, as for train')
  .addOption(
    new Option('--target <name>', `where the model is published and served: ${summaries(TARGETS)}`)
      .choices(TARGET_NAMES)
      .default('local'),
  )
  .addOption(
    new Option(
      '--release <kind>',
      `with --target cloudflare: ${summaries(RELEASES)}; default: versions if RUNTIME in wrangler.toml is frozen`,
    ).choices(RELEASE_NAMES),
  )
  .option(
    '--url <address>',
    'URL of the serving Worker (default: LATENTEDGE_URL, or that of a running serve)',
  )
  .option(
    '--canary <percent>',
    'share of the requests that the challenger answers first, as a canary',
    numberIn(0, 100),
  )
  .option('--watch <seconds>', 'how long the canary is monitored', numberIn(-1, 86_400), 60)
  .option('--gate <name:limit...>', `override the limit of one of ${Object.keys(limited()).join(', ')}`, [])
  .addOption(
    new Option(
      '--accept <gate...>',
      'let these gates pass although they refuse, since the world has changed; the history records it',
    )
      .choices(ACCEPTABLE)
      .default([]),
  )
  .option('--allow-breaking', 'accept changed features, codes and operations', false)
  .option(
    '--warm-start',
    "start from the champion's weights, or fail (default: start from them if they fit the model)",
  )
  .option('--no-warm-start', 'start from random weights')
  .option('--if-drift <score>', 'train only if the drift score of requests is at least this', numberIn(-1, 1))
  .option('--dry-run', 'train and judge, but only print the writes, commands and requests', false)
  .option('--wait <seconds>', 'how long to wait for another run to end', numberIn(-1, 86_400), 0)
  .option(
    '--lock-seconds <seconds>',
    'time after which the lock of a dead run expires',
    numberIn(0, 3600),
    60,
  )
  .option(
    '--out <folder>',
    'promoted artifacts are kept in <folder>/<model>/<version>, others in <folder>/.candidates',
    'artifacts',
  )
  .option('--engine <name>', `training engine: ${Object.keys(ENGINES).join(' or ')}`, 'onnxruntime')
  .option('--seed <number>', 'seed of training and of the bootstrap intervals', parseSeed, 1)
  .option('--threads <number>', 'threads within one operator (default: all cores)', parseThreads)
  .option('--set <key=value...>', 'override settings of the recipe', [])
  .action(
    async (
      recipe: string,
      {
        target: name,
        targetColumn,
        url,
        release,
        gate,
        ifDrift,
        wait,
        lockSeconds,
        json,
        ...flags
      }: RetrainFlags,
    ) => {
      const ignoreSignals = onStopSignal(ended);
      const print = printer(json);
      const { dryRun, ...options } = flags;
      const limits = parseLimits(gate);
      const target = await TARGETS[name].open({ url, release, dryRun, serves: true, print });
      try {
        if (ifDrift !== undefined) {
          const score = await servedDrift(target, flags.name ?? recipe);
          print(`drift score of requests: ${score?.toFixed(3) ?? 'not known yet'}; threshold ${ifDrift}`);
          if (score === null || score < ifDrift) {
            if (json) console.log(JSON.stringify({ outcome: 'not needed', drift: score }));
            return;
          }
        }
        const done = await retrain({
          recipe,
          // A dry run makes no canary that could be monitored.
          options: {
            ...options,
            dryRun,
            limits,
            ...(targetColumn !== undefined && { target: targetColumn }),
            ...(dryRun && { watch: 0 }),
          },
          target,
          lockSeconds,
          wait,
          print,
        });
        print(`\n${done.model}@${done.challenger}: ${done.outcome}`);
        if (json) console.log(JSON.stringify(done));
      } finally {
        ignoreSignals();
        await target.close();
      }
    },
  );

/** Exits at once, as if killed. */
function ended(signal: StopSignal): void {
  console.error(`error: ended by ${signal}: the next run resumes this one, or undoes its changes`);
  process.exit(STOP_CODES[signal]);
}

/** Default limits that `--gate` can override, by the name of the metric or gate. */
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
        `--gate: expected name:limit, with a name out of ${Object.keys(known).join(', ')}, received '${pair}'`,
      );
    }),
  );
}

/** Parser of a number in (low, high]. */
function numberIn(low: number, high: number) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && value > low && value <= high) return value;
    throw new InvalidArgumentError(`expected a number above ${low} and up to ${high}.`);
  };
}

await run(program);
