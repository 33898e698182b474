/** `npm run tune -- <recipe>`: searches for the settings of a recipe, and trains the best. */
import { availableParallelism } from 'node:os';
import { withColumnFlags } from './cli/columnFlags.ts';
import { command, printer, run } from './cli/command.ts';
import { numberIn, parseSeed, parseThreads, parseTrials } from './cli/flags.ts';
import { printTrained } from './cli/trainedModel.ts';
import { LOSS } from './tuning/objectives.ts';
import { type TuneRun, tune } from './tuning/tune.ts';

/** A day. */
const MOST_MINUTES = 24 * 60;

const program = withColumnFlags(
  command('tune', 'Search for the best settings of a recipe, and train with them.'),
)
  // The recipe comes first: --set and --space take every word up to the next flag.
  .usage('<recipe> [options]')
  .argument('<recipe>', 'recipe to search the settings of')
  .option('--trials <number>', 'settings to try', parseTrials, 20)
  .option(
    '--minutes <number>',
    'end the search after so long, and train the best so far',
    numberIn(0, MOST_MINUTES),
  )
  .option(
    '--space <key=values...>',
    'what to search, after the name of the recipe: digits --space codeSize=8,16,32 learningRate=1e-4..1e-2 (default: printed)',
  )
  .option(
    '--by <metric>',
    'what trials are chosen by, on the validation rows: loss, mse, roc-auc, ndcg@100, ...',
    LOSS,
  )
  .option(
    '--parallel <number>',
    'trials at a time, each on one thread (default: the number of cores)',
    parseThreads,
  )
  .option('--resume', 'continue the same search where it was interrupted')
  .option('--name <model>', 'name of the model in artifacts and URLs (default: that of the recipe)')
  .option('--data <path>', 'location of the data, for recipes that take one')
  .option('--items <path>', 'table of items (id, title, any columns): titles and filters of a recommender')
  .option('--out <folder>', 'artifacts are written to <folder>/<model>/<version>', 'artifacts')
  .option('--seed <number>', 'random seed: the same seed tries the same settings', parseSeed, 1)
  .option('--set <key=value...>', 'settings of all trials; epochs=... is the most that any trains', [])
  .option(
    '--no-rows',
    'keep rows of the data out of the artifact: made-up ones in answers.json, none in report.html',
  )
  .action(async (recipe: string, options: TuneFlags) => {
    const print = printer(options.json);
    const { json, parallel = availableParallelism(), ...rest } = options;
    const outcome = await tune(recipe, { ...rest, parallel, engine: 'onnxruntime' }, print);
    process.exitCode = outcome.exitCode;
    if (outcome.trained !== undefined && !json) await printTrained(outcome.trained, print);
    print(`page: ${outcome.page}`);
    if (json) console.log(JSON.stringify(summaryOf(outcome)));
  });

interface TuneFlags extends Omit<TuneRun, 'parallel' | 'engine'> {
  readonly parallel?: number;
  readonly json?: boolean;
}

function summaryOf({ trained, ...rest }: Awaited<ReturnType<typeof tune>>) {
  const { exitCode: _, ...known } = rest;
  const { version, metrics } = trained?.manifest ?? {};
  return { ...(trained && { artifact: trained.directory, version, metrics }), ...known };
}

await run(program);
