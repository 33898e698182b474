/** `npm run train -- <recipe>`: trains a recipe and writes its artifact. */
import { ENGINES } from '../training/engines/registry.ts';
import { withColumnFlags } from './cli/columnFlags.ts';
import { command, EXIT, printer, run } from './cli/command.ts';
import { parseDimensions, parseSeed, parseThreads, summaryLines } from './cli/flags.ts';
import type { RecipeRun } from './cli/preparedRun.ts';
import { recipeSettings } from './cli/recipeSettings.ts';
import { knownRecipes } from './cli/recipes.ts';
import { printTrained } from './cli/trainedModel.ts';
import { trainRecipe } from './cli/training.ts';

const recipes = await knownRecipes();
const ofName = (name = '') => Object.values(recipes).find((recipe) => recipe.name === name);

const program = withColumnFlags(command('train', 'Train a recipe and write its artifact.'))
  // The recipe comes first: --set takes every word up to the next flag, including the recipe's name.
  .usage('<recipe> [options]')
  .argument('<recipe>', 'recipe to train')
  .option('--name <model>', 'name of the model in artifacts and URLs (default: that of the recipe)')
  .option('--data <path>', 'location of the data, for recipes that take one')
  .option('--items <path>', 'table of items (id, title, any columns): titles and filters of a recommender')
  .option(
    '--texts <path>',
    'texts of the rows for the report: lines of a .txt, or a table with a column text',
  )
  .option('--out <folder>', 'artifacts are written to <folder>/<model>/<version>', 'artifacts')
  .option('--engine <name>', `training engine: ${Object.keys(ENGINES).join(' or ')}`, 'onnxruntime')
  .option(
    '--seed <number>',
    'random seed; the same seed gives byte-identical graphs on a machine',
    parseSeed,
    1,
  )
  .option(
    '--threads <number>',
    'threads within one operator (default: all cores, or 1 for a model that they would slow down)',
    parseThreads,
  )
  .option(
    '--set <key=value...>',
    'override settings; goes after the name of the recipe: digits --set codeSize=16 epochs=5',
    [],
  )
  .option('--dimensions <number>', 'width of the code, as --set codeSize=<number>', parseDimensions)
  .option('--resume', 'continue the same run from its last checkpoint; the graphs end up byte-identical')
  .option(
    '--no-rows',
    'keep rows of the data out of the artifact: made-up ones in answers.json, none in report.html, no map.bin',
  )
  .option(
    '--force',
    'keep a model that is worse than predicting the mean, or diverged, marked as refused in card and manifest',
  )
  .option('--history <file>', "write each epoch's losses to <file> as JSON lines")
  .option(
    '--tensorboard <folder>',
    "write each epoch's losses to event files, in a folder of the run below <folder>",
  )
  .option(
    '--mlflow <url>',
    'send settings, losses and metrics to an MLflow tracking server: http://127.0.0.1:5000',
  )
  .option('--watch', 'serve a page on this machine that draws the losses while the run trains')
  .addHelpText(
    'after',
    `\nRecipes:\n${summaryLines(Object.fromEntries(Object.values(recipes).map(({ name, why }) => [name, { summary: why }])))}`,
  )
  .addHelpText('after', ({ command: { args } }) => `\n${recipeSettings(ofName(args[0]))}`)
  .action(async (recipe: string, options: TrainFlags) => {
    const print = printer(options.json);
    const { dimensions, watch: livePage = false } = options;
    const set = dimensions === undefined ? options.set : [...options.set, `codeSize=${dimensions}`];
    const { artifact, fit, seconds } = await trainRecipe(recipe, { ...options, set, livePage }, print);
    const { manifest, directory } = artifact;
    const { version, metrics, baselines, parity, weights } = manifest;
    if (options.json) {
      console.log(
        JSON.stringify({ artifact: directory, version, metrics, baselines, parity, weights, seconds }),
      );
    } else {
      await printTrained(artifact, print);
    }
    if (fit.interrupted) process.exitCode = EXIT.interrupted;
  });

interface TrainFlags extends RecipeRun {
  readonly json?: boolean;
  readonly dimensions?: number;
  readonly watch?: boolean;
}

await run(program);
