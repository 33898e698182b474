/** The flags of `npm run retrain`. */
import { type Command, Option } from 'commander';
import { InputError } from '../../shared/errors.ts';
import { ENGINES } from '../../training/engines/registry.ts';
import { withColumnFlags } from '../cli/columnFlags.ts';
import { command } from '../cli/command.ts';
import { withEnvironmentFlag } from '../cli/environmentFlag.ts';
import {
  numberIn,
  parseDays,
  parseModelName,
  parseSeed,
  parseThreads,
  parseUrl,
  summaries,
} from '../cli/flags.ts';
import { ANSWERS_SOURCE_NAMES, ANSWERS_SOURCES, type AnswersSourceName } from './canary/answersSource.ts';
import type { RetrainOptions } from './context.ts';
import { ACCEPTABLE } from './gates/judging.ts';
import { GATES } from './gates/registry.ts';
import { METRICS } from './metrics/registry.ts';
import type { ReleaseName } from './release/registry.ts';
import { withReleaseFlags } from './releaseFlags.ts';
import { SHADOW_ANSWERS } from './shadow/judgeShadow.ts';
import { TARGET_NAMES, TARGETS, type TargetName } from './targets/registry.ts';

export interface RetrainFlags extends Omit<RetrainOptions, 'limits' | 'target'> {
  readonly targetColumn?: string;
  readonly target: TargetName;
  readonly url?: string;
  readonly release?: ReleaseName;
  readonly answersFrom: AnswersSourceName;
  readonly replaceCode: boolean;
  readonly gate: readonly string[];
  readonly ifDrift?: number;
  readonly driftRows: number;
  readonly ping?: string;
  readonly wait: number;
  readonly lockSeconds: number;
  readonly storeSeconds: number;
  readonly json?: boolean;
}

/** The command without its action. */
export function retrainProgram(): Command {
  return withColumnFlags(
    withReleaseFlags(
      withEnvironmentFlag(
        command(
          'retrain',
          'Train a challenger, and promote it if it is no worse than the champion in production.',
        ),
      ),
    ),
    // Here, the target is where the model is published.
    '--target-column',
  )
    .usage('<recipe> [options]')
    .argument('<recipe>', 'recipe to train')
    .option(
      '--name <model>',
      'name of the model: of its lock, journal, aliases and address (default: that of the recipe)',
      parseModelName,
    )
    .option('--data <path>', 'location of the data, as for train')
    .option(
      '--from-production <days>',
      'train on the rows that the Worker has logged in this time, too, for instance 30d: LOG_ROWS names the models',
      parseDays,
    )
    .option(
      '--items <path>',
      "table of items, as for train (default: the location of the champion's, which is read again)",
    )
    .option('--texts <path>', 'texts of the rows for the report, as for train')
    .addOption(
      new Option('--target <name>', `where the model is published and served: ${summaries(TARGETS)}`)
        .choices(TARGET_NAMES)
        .default('local'),
    )
    .option(
      '--url <address>',
      'URL of the serving Worker (default: that of a running serve with --target local, LATENTEDGE_URL otherwise)',
    )
    .option(
      '--canary <percent>',
      'share of the requests that the challenger answers first, as a canary',
      numberIn(0, 100),
    )
    .option(
      '--shadow <percent>',
      'share of the requests that the challenger is asked before, unseen by clients, to be judged by the gate shadow',
      numberIn(0, 100),
    )
    .option(
      '--shadow-answers <number>',
      'requests that both have answered, which the shadow is judged by',
      numberIn(0, 1_000_000),
      SHADOW_ANSWERS,
    )
    .option(
      '--watch <seconds>',
      'how long the shadow, and then the canary, is monitored at most',
      numberIn(-1, 86_400),
      60,
    )
    .option(
      '--canary-answers <number>',
      'answers to clients, by canary and production each, that the canary is judged by',
      numberIn(0, 1_000_000),
      200,
    )
    .addOption(
      new Option(
        '--answers-from <source>',
        `which answers to clients are counted: ${summaries(ANSWERS_SOURCES)}`,
      )
        .choices(ANSWERS_SOURCE_NAMES)
        .default('stats'),
    )
    .addOption(
      new Option(
        '--few-answers <decision>',
        'what becomes of a canary that has given fewer answers in that time',
      )
        .choices(['refuse', 'promote'])
        .default('refuse'),
    )
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
    .option(
      '--if-drift <score>',
      'train only if the drift score of requests is at least this',
      numberIn(-1, 1),
    )
    .option(
      '--drift-rows <number>',
      'with --if-drift: rows of requests that the score must be computed from',
      numberIn(0, 1_000_000),
      200,
    )
    .option(
      '--ping <url>',
      'address of a monitor that is told when a run ends: <url>, or <url>/fail',
      parseUrl,
    )
    .option('--dry-run', 'train and judge, but only print the writes, commands and requests', false)
    .option('--wait <seconds>', 'how long to wait for another run to end', numberIn(-1, 86_400), 0)
    .option(
      '--lock-seconds <seconds>',
      'time after which the lock of a dead run expires',
      numberIn(0, 3600),
      60,
    )
    .option(
      '--store-seconds <seconds>',
      'with --target cloudflare: how long a bucket that fails is tried again',
      numberIn(0, 3600),
      90,
    )
    .option(
      '--out <folder>',
      'promoted artifacts are kept in <folder>/<model>/<version>, others in <folder>/.candidates',
      'artifacts',
    )
    .option('--rows', "let the artifact hold rows of the data although the champion's holds none")
    .option(
      '--no-rows',
      'keep rows of the data out of the artifact: made-up ones in answers.json, none in report.html (default: as the champion)',
    )
    .option('--engine <name>', `training engine: ${Object.keys(ENGINES).join(' or ')}`, 'onnxruntime')
    .option(
      '--seed <number>',
      'seed of training and of the bootstrap intervals; rows are split as for the champion',
      parseSeed,
      1,
    )
    .option(
      '--threads <number>',
      'threads within one operator (default: all cores, or 1 for a model that they would slow down)',
      parseThreads,
    )
    .option('--set <key=value...>', 'override settings of the recipe', []);
}

/** Default limits that `--gate` can override, by the name of the metric or gate. */
function limited(): Readonly<Record<string, number>> {
  const own = Object.entries({ ...METRICS, ...GATES }).flatMap(([name, each]) =>
    'limit' in each && each.limit !== undefined ? [[name, each.limit]] : [],
  );
  return Object.fromEntries(own);
}

/** Parses the values of `--gate`. @throws {InputError} for one that has no limit. */
export function parseLimits(pairs: readonly string[]): Record<string, number> {
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
