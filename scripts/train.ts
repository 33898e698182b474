/** `npm run train -- <recipe>`: trains a recipe and writes its artifact. */
import { join } from 'node:path';
import { readReportSource } from '../training/artifact/reportFiles.ts';
import { ENGINES } from '../training/engines/registry.ts';
import { command, EXIT, printer, run } from './cli/command.ts';
import { parseSeed, parseThreads } from './cli/flags.ts';
import { knownRecipes } from './cli/recipes.ts';
import { keyFigureLines, metricsTable } from './cli/tables.ts';
import { type RecipeRun, trainRecipe } from './cli/training.ts';

const recipes = await knownRecipes();

const program = command('train', 'Train a recipe and write its artifact.')
  // The recipe first: --set takes every word up to the next flag, the recipe's name too.
  .usage('<recipe> [options]')
  .argument('<recipe>', 'what to train')
  .option('--name <model>', 'what the model is called in artifacts and URLs (default: as the recipe is)')
  .option('--data <path>', 'where the data is, for recipes that take it')
  .option('--out <folder>', 'artifacts are written to <folder>/<model>/<version>', 'artifacts')
  .option('--engine <name>', `what runs the training: ${Object.keys(ENGINES).join(' or ')}`, 'onnxruntime')
  .option('--seed <number>', 'same seed, same machine: byte-identical graphs', parseSeed, 1)
  .option('--threads <number>', 'threads within one operator (default: all cores)', parseThreads)
  .option(
    '--set <key=value...>',
    'override settings of the recipe, after its name: digits --set codeSize=16 epochs=5',
    [],
  )
  .option('--resume', 'continue the same run from its last checkpoint, to byte-identical graphs')
  .option('--history <file>', "write each epoch's losses to <file> as JSON lines")
  .addHelpText(
    'after',
    `\nRecipes:\n${Object.values(recipes)
      .map(({ name, why }) => `  ${name.padEnd(10)} ${why}`)
      .join('\n')}`,
  )
  .action(async (recipe: string, options: RecipeRun & { json?: boolean }) => {
    const print = printer(options.json);
    const { artifact, fit, seconds } = await trainRecipe(recipe, options, print);
    const { manifest, directory } = artifact;
    const { version, metrics, baselines, parity, weights } = manifest;
    if (options.json) {
      console.log(
        JSON.stringify({ artifact: directory, version, metrics, baselines, parity, weights, seconds }),
      );
    }
    print(metricsTable(manifest));
    if (!options.json) print(`${keyFigureLines(await readReportSource(directory))}\n`);
    print(`artifact: ${directory}`);
    print(`report: ${join(directory, 'report.html')}`);
    if (fit.interrupted) process.exitCode = EXIT.interrupted;
  });

await run(program);
