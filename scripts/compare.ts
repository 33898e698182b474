/** `npm run compare -- <model> <model>`: compares models on the same rows. */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InputError } from '../shared/errors.ts';
import { replaceFile, requireWritable } from '../training/files.ts';
import { MODELS } from './cli/artifacts.ts';
import { command, printer, run } from './cli/command.ts';
import { parseSeed } from './cli/flags.ts';
import { columnsTable, figure } from './cli/tables.ts';
import { compareModels, decidingOf, isDecided } from './comparing/compare.ts';
import { comparedExamples } from './comparing/examples.ts';
import { readCompared } from './comparing/models.ts';
import { renderComparison } from './comparing/report/page.ts';
import { comparedRows } from './comparing/rows.ts';
import { differingSettings } from './comparing/settings.ts';
import { differenceText, verdict } from './comparing/verdict.ts';
import { METRIC_NAMES } from './retrain/metrics/registry.ts';

interface CompareOptions {
  readonly data?: string;
  readonly keepSeen: boolean;
  readonly by?: string;
  readonly seed: number;
  readonly out: string;
  readonly json?: boolean;
}

const program = command('compare', 'Compare models on the same rows, which none has seen in training.')
  .argument('<model...>', `two or more: ${MODELS}`)
  .option(
    '--data <path>',
    'other rows than the held-out ones of the data that the first model was trained on',
  )
  .option('--keep-seen', 'use rows that a model has seen in training, too', false)
  .option(
    '--by <metric>',
    `metric that decides (default: the first that applies of ${METRIC_NAMES.join(', ')})`,
  )
  .option('--seed <number>', 'seed of the bootstrap', parseSeed, 1)
  .option('--out <file>', 'page to write', 'artifacts/comparison.html')
  .action(compare);

async function compare(
  given: string[],
  { data, keepSeen, by, seed, out, json }: CompareOptions,
): Promise<void> {
  if (given.length < 2) {
    throw new InputError(
      `expected two models or more to compare, received only ${given[0]}; name@version is another version of a model`,
    );
  }
  requireWritable(dirname(out));
  const print = printer(json);
  const models = await readCompared(given);
  const labels = models.map(({ label }) => label);
  const chosen = await comparedRows(models, { data, keepSeen });
  const compared = await compareModels(models, chosen.rows, seed);
  const deciding = decidingOf(compared, by);
  const sentence = verdict(deciding, labels, deciding.ofRows[0]!.length);
  const settings = differingSettings(models.map(({ manifest }) => manifest));
  const errors = compared.find(({ name }) => name === 'mse')?.ofRows;
  const examples = errors === undefined ? [] : await comparedExamples(models, chosen.rows, errors);
  await mkdir(dirname(out), { recursive: true });
  const notes = [
    ...chosen.notes,
    ...(models.some(({ manifest }) => manifest.data.withRows === false)
      ? ['no rows are shown, since a model was trained with --no-rows']
      : []),
  ];
  await replaceFile(out, [
    await renderComparison({ models, compared, deciding, examples, verdict: sentence, notes }),
  ]);

  print(sentence);
  for (const note of notes) print(note);
  const rows = compared.flatMap(({ name, values, differences }) =>
    labels.map((label, i) => [
      ...[name, label, figure(values[i]!)],
      differences[i] === undefined ? 'the best' : differenceText(name, differences[i]),
    ]),
  );
  print(columnsTable(['metric', 'model', 'value', 'against the best'], rows));
  if (settings.length > 0)
    print(
      columnsTable(
        ['setting', ...labels],
        settings.map(({ name, values }) => [name, ...values.map((value) => value ?? '-')]),
      ),
    );
  print(`page: ${out}`);
  if (!json) return;
  const { source, available, seen, withSeen } = chosen;
  const byLabel = <T>(values: readonly T[]) =>
    Object.fromEntries(labels.map((label, i) => [label, values[i]]));
  console.log(
    JSON.stringify({
      best: labels[deciding.best],
      decided: isDecided(deciding),
      by: deciding.name,
      verdict: sentence,
      rows: { source, available, used: chosen.rows.test.rowCount, seen, withSeen },
      metrics: Object.fromEntries(
        compared.map(({ name, values, best, differences }) => [
          name,
          { values: byLabel(values), best: labels[best], differences: byLabel(differences) },
        ]),
      ),
      settings: Object.fromEntries(settings.map(({ name, values }) => [name, byLabel(values)])),
      models: byLabel(
        models.map(({ directory, manifest: { name, version, variant, codeSize } }) => ({
          artifact: directory,
          name,
          version,
          variant,
          codeSize,
        })),
      ),
      page: out,
    }),
  );
}

await run(program);
