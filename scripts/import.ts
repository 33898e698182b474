/** `npm run import -- <model.onnx>`: makes an artifact of a model that was trained elsewhere. */

import { join } from 'node:path';
import { Option } from 'commander';
import { requireWritable } from '../training/files.ts';
import { describedTensors } from '../training/importing/describe.ts';
import type { White } from '../training/importing/imageOrder.ts';
import { importModel } from '../training/importing/importModel.ts';
import { ROLES } from '../training/importing/roles.ts';
import { understand } from '../training/importing/understand.ts';
import { command, printer, run } from './cli/command.ts';
import { numberIn } from './cli/flags.ts';
import { commandLine, hasWorker } from './cli/places.ts';
import { listOf, modelName, nameOfFile, parseConstant, parseRole, parseSizes } from './importing/flags.ts';
import { guardedRun } from './importing/guarded.ts';
import { importedLines, understoodLines } from './importing/summary.ts';

interface ImportFlags {
  readonly name?: string;
  readonly out: string;
  readonly rows?: string;
  readonly decoder?: string;
  readonly targetColumn?: string;
  readonly featureNames?: string;
  readonly classes?: string;
  readonly role: readonly string[];
  readonly inputShape: readonly string[];
  readonly constant: readonly string[];
  readonly contamination: number;
  readonly white?: '1' | '255';
  readonly timeLimit: number;
  readonly json?: boolean;
}

const program = command(
  'import',
  'Import an ONNX model from PyTorch, Keras, scikit-learn or elsewhere: check it, verify it in the runtime of the edge, and write its artifact.',
)
  .argument('<model.onnx>', 'ONNX file: an encoder, an autoencoder, a classifier or a regressor')
  .option('--name <model>', 'name of the model in artifacts and URLs (default: that of the file)')
  .option(
    '--rows <path>',
    'rows to verify and calibrate it on: CSV, Parquet, .npy, SQL, a folder of images or a quoted glob (default: drawn)',
  )
  .option('--decoder <file>', 'ONNX file of the decoder that takes the codes of the model')
  .option('--target-column <name>', 'column of the rows with the known answer, which is no feature')
  .option(
    '--feature-names <list>',
    'names of the features, separated by commas (default: those of the rows or of the graph)',
  )
  .option('--classes <list>', 'names of the classes, separated by commas, in the order of the probabilities')
  .option(
    '--role <output=role...>',
    `role of an output: ${ROLES.join(', ')} (default: by name and shape)`,
    [],
  )
  .option('--input-shape <input=sizes...>', 'sizes of an input after the batch, for instance tokens=16', [])
  .option(
    '--constant <input=number...>',
    'an input that is no part of the rows, for instance attention_mask=1',
    [],
  )
  .addOption(
    new Option(
      '--white <value>',
      'value of a white pixel in images that the model takes (default: 255 for inputs of integers and rows beyond 1, otherwise 1)',
    ).choices(['1', '255']),
  )
  .option(
    '--contamination <share>',
    'assumed share of anomalies among the rows; sets the threshold of scores',
    numberIn(0, 0.5),
    0.01,
  )
  .option('--out <folder>', 'artifacts are written to <folder>/<model>/<version>', 'artifacts')
  .option('--time-limit <seconds>', 'seconds that the graph may take on the rows', numberIn(0, 3600), 60)
  .addHelpText(
    'after',
    `\nExample:\n  ${commandLine('import')} encoder.onnx --name churn --rows customers.csv`,
  )
  .action(importCommand);

async function importCommand(path: string, flags: ImportFlags): Promise<void> {
  const print = printer(flags.json);
  const started = performance.now();
  const name = modelName(flags.name ?? nameOfFile(path));
  if (flags.name === undefined) print(`name: ${name}, as the file is called; --name gives another`);
  requireWritable(flags.out);
  const guarded = guardedRun(flags.timeLimit);
  const understanding = await understand({
    path,
    ...{ decoder: flags.decoder, rows: flags.rows, targetColumn: flags.targetColumn },
    featureNames: listOf(flags.featureNames),
    roles: Object.fromEntries(flags.role.map(parseRole)),
    inputSizes: Object.fromEntries(flags.inputShape.map(parseSizes)),
    constants: Object.fromEntries(flags.constant.map(parseConstant)),
    white: flags.white === undefined ? undefined : (Number(flags.white) as White),
    run: guarded,
  });
  for (const line of understoodLines(understanding)) print(line);
  const artifact = await importModel(understanding, {
    ...{ name, out: flags.out, contamination: flags.contamination, run: guarded },
    classes: listOf(flags.classes),
  });
  const { directory, manifest } = artifact;
  const { version, operations, parity } = manifest;
  const seconds = (performance.now() - started) / 1000;
  if (flags.json) {
    const tensors = describedTensors(understanding);
    console.log(
      JSON.stringify({
        artifact: directory,
        version,
        operations,
        tensors,
        parity,
        notes: understanding.notes,
        seconds,
      }),
    );
  }
  for (const line of importedLines(understanding, manifest)) print(line);
  print(`artifact: ${directory}`);
  print(`model card: ${join(directory, 'MODEL_CARD.md')}`);
  if (!hasWorker())
    print(
      `to serve it, a project with a Worker is needed, which this folder is not: ${commandLine('init')} my-models writes one; import the model there, or move ${flags.out} into it`,
    );
  print(`serve it: ${commandLine('serve')} ${directory}`);
}

await run(program);
