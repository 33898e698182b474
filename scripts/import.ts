/** `npm run import -- <model.onnx>`: makes an artifact of a model that was trained elsewhere. */

import { basename, join } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { didYouMean } from '../shared/didYouMean.ts';
import { InputError } from '../shared/errors.ts';
import { ModelName } from '../shared/manifest.ts';
import { requireWritable } from '../training/files.ts';
import { describedTensors, operatorsText, opsetsText } from '../training/importing/describe.ts';
import { importModel } from '../training/importing/importModel.ts';
import { ROLES, type Role } from '../training/importing/roles.ts';
import { type Understanding, understand } from '../training/importing/understand.ts';
import { parityText } from '../training/report/format.ts';
import { command, printer, run } from './cli/command.ts';
import { commandLine } from './cli/places.ts';
import { columnsTable, table } from './cli/tables.ts';
import { guardedRun } from './importing/guarded.ts';

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
  readonly contamination: number;
  readonly timeLimit: number;
  readonly json?: boolean;
}

const program = command(
  'import',
  'Import an ONNX model from PyTorch, Keras, scikit-learn or elsewhere: check it, verify it in the runtime of the edge, and write its artifact.',
)
  .argument('<model>', 'ONNX file: an encoder, an autoencoder, a classifier or a regressor')
  .option('--name <model>', 'name of the model in artifacts and URLs (default: that of the file)')
  .option(
    '--rows <path>',
    'rows to verify and calibrate it on: CSV, Parquet, .npy, SQL or a glob (default: drawn)',
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
    '--contamination <share>',
    'assumed share of anomalies among the rows; sets the threshold of scores',
    parseShare,
    0.01,
  )
  .option('--out <folder>', 'artifacts are written to <folder>/<model>/<version>', 'artifacts')
  .option('--time-limit <seconds>', 'seconds that the graph may take on the rows', parseSeconds, 60)
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
    run: guarded,
  });
  for (const line of lines(understanding)) print(line);
  const artifact = await importModel(understanding, {
    ...{ name, out: flags.out, contamination: flags.contamination, run: guarded },
    classes: listOf(flags.classes),
  });
  const { directory, manifest } = artifact;
  const { version, operations, parity, features, codeSize } = manifest;
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
  print(
    table([
      [
        'features',
        `${features.count}${features.names ? `: ${shortList(features.names)}` : ', without names (--feature-names gives some)'}`,
      ],
      ...(codeSize > 0 ? [['code size', `${codeSize}`] as const] : []),
      ['operations', operations.join(', ')],
      ['parity with WASM', parityText(parity)],
    ]),
  );
  for (const line of hints(understanding, operations)) print(line);
  print(`artifact: ${directory}`);
  print(`model card: ${join(directory, 'MODEL_CARD.md')}`);
  print(`serve it: ${commandLine('serve')} ${directory}`);
}

function lines(understanding: Understanding): string[] {
  const { foreign, sample, notes } = understanding;
  const head = ['tensor', 'type', 'shape', 'use', 'reason'];
  const rows = describedTensors(understanding).map((each) => [
    each.name,
    each.type,
    each.shape,
    each.use,
    each.reason,
  ]);
  const drawn = 'none given: rows were drawn; --rows adds names, reduce, scores and drift';
  return [
    `${foreign.source}: made by ${foreign.producer}, opset ${opsetsText(understanding)}`,
    columnsTable(head, rows),
    `operators: ${operatorsText(understanding)}`,
    `rows: ${sample.source ?? drawn}`,
    ...(sample.ignored.length > 0 ? [`columns that are no features: ${shortList(sample.ignored)}`] : []),
    ...notes,
    'role of an output: --role <output>=<role> changes it',
  ];
}

/** What the artifact holds of the user's rows, and what it cannot offer, with what to do. */
function hints({ sample, model, decoder }: Understanding, operations: readonly string[]): string[] {
  const hasReconstruction =
    decoder !== undefined || model.roles.some(({ role }) => role === 'reconstruction');
  return [
    ...(sample.source === undefined
      ? []
      : ['answers.json in the artifact holds up to 4 of the rows, to test deployments with']),
    ...(hasReconstruction && !operations.includes('score')
      ? ['no score: its threshold is calibrated on --rows']
      : []),
  ];
}

const SHOWN = 12;

function shortList(names: readonly string[]): string {
  return names.length <= SHOWN
    ? names.join(', ')
    : `${names.slice(0, SHOWN).join(', ')} and ${names.length - SHOWN} more`;
}

function modelName(text: string): string {
  const { success, error } = ModelName.safeParse(text);
  if (success) return text;
  throw new InputError(`--name: ${error.issues[0]!.message}; received '${text.slice(0, 60)}'`);
}

function nameOfFile(path: string): string {
  return basename(path, '.onnx')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 96);
}

function listOf(text: string | undefined): string[] | undefined {
  return text?.split(',').map((each) => each.trim());
}

function parseRole(text: string): [string, Role] {
  const at = text.lastIndexOf('=');
  const role = ROLES.find((each) => each === text.slice(at + 1));
  if (at > 0 && role !== undefined) return [text.slice(0, at), role];
  throw new InputError(
    `--role: expected <output>=<role> with one of ${ROLES.join(', ')}, received '${text.slice(0, 80)}'${didYouMean(text.slice(at + 1), [...ROLES])}`,
  );
}

function parseSizes(text: string): [string, number[]] {
  const at = text.lastIndexOf('=');
  const sizes = text
    .slice(at + 1)
    .split(',')
    .map(Number);
  if (at > 0 && sizes.every((size) => Number.isInteger(size) && size > 0 && size <= 1e6))
    return [text.slice(0, at), sizes];
  throw new InputError(
    `--input-shape: expected <input>=<sizes>, for instance tokens=16, received '${text.slice(0, 80)}'`,
  );
}

function parseShare(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= 0.5) return value;
  throw new InvalidArgumentError('expected a number above 0, up to 0.5.');
}

function parseSeconds(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= 3600) return value;
  throw new InvalidArgumentError('expected a number of seconds above 0, up to 3600.');
}

await run(program);
