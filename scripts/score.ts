/** `npm run score -- <model> --data rows.parquet --out scores.csv`: answers all rows of a file, without a Worker. */
import { mkdir } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import type { UnseenCategory } from '../shared/api.ts';
import { InputError } from '../shared/errors.ts';
import { readArtifact } from '../training/artifact/artifact.ts';
import { rowsPerBatch } from '../training/data/batches.ts';
import { requireWritable } from '../training/files.ts';
import { count } from '../training/report/format.ts';
import { A_MODEL, chosenFolder } from './cli/artifacts.ts';
import { command, printer, run } from './cli/command.ts';
import { readingProgress, stageProgress } from './cli/progress.ts';
import { table } from './cli/tables.ts';
import { chosenOperation, queryOf } from './scoring/chosenOperation.ts';
import { linesOf } from './scoring/lines.ts';
import { offlineModel } from './scoring/offline.ts';
import { assertFormat, output, type Written } from './scoring/output.ts';
import { batchesOf, fileRows } from './scoring/rows.ts';

interface ScoreOptions {
  readonly data: string;
  readonly out: string;
  readonly operation?: string;
  readonly query: readonly string[];
  readonly keep?: string;
  readonly json?: boolean;
}

/** Rows of a batch, if they are not wide. */
const BATCH = 256;
const PROGRESS_MS = 5000;
const SHOWN_COLUMNS = 12;

const program = command('score', 'Answer all rows of a file by a model, as the API would, without a Worker.')
  .argument('<model>', A_MODEL)
  .requiredOption('--data <path>', 'rows: a CSV, Parquet or .npy file, a glob, SQL, or images')
  .requiredOption(
    '--out <file>',
    'file to write: .csv (separated by commas, with a header), .parquet, .ndjson or .jsonl',
  )
  .option('--operation <name>', 'operation of the API (default: score, else predict, else encode)')
  .option('--query <key=value...>', 'query parameters of the operation, such as top=1', [])
  .option('--keep <columns>', "columns of the data to copy next to the answers: id,time, or '*' for all")
  .action(score);

async function score(folder: string, options: ScoreOptions): Promise<void> {
  const { data, out, json } = options;
  assertFormat(out);
  requireWritable(dirname(out));
  const print = printer(json);
  const artifact = await readArtifact(await chosenFolder(folder, print));
  const { manifest } = artifact;
  const { name, version } = manifest;
  const { name: operation, spec, others } = chosenOperation(manifest, options.operation);
  const query = queryOf(spec, options.query);
  if (options.operation === undefined && others.length > 0)
    print(`operation: ${operation}; --operation names another: ${others.join(', ')}`);
  const keep = options.keep?.split(',').map((column) => column.trim()) ?? [];
  const started = performance.now();
  const reading = readingProgress(print);
  const rows = await fileRows(manifest, data, keep, reading.onRead).finally(reading.stop);
  for (const note of rows.notes) print(note);
  const model = offlineModel(artifact, spec, query);
  await mkdir(dirname(out), { recursive: true });
  const file = output(out);
  const writing = stageProgress('writing', print);
  const size = rowsPerBatch(manifest.features.count, BATCH);
  let [unanswered, anomalies, shown] = [0, 0, performance.now()];
  let first: string | undefined;
  let unseen: Unseen | undefined;
  let written: Written;
  try {
    for await (const { start, rows: values, kept } of batchesOf(rows, size)) {
      const answer = await model.answer(values, start);
      const lines = linesOf(spec, answer, { start, kept });
      unanswered += answer.problems.size;
      unseen = counted(unseen, answer.unseen ?? [], start);
      first ??= answer.problems.values().next().value;
      anomalies += lines.filter(({ isAnomaly }) => isAnomaly === true).length;
      await file.write(lines);
      if (performance.now() - shown < PROGRESS_MS) continue;
      shown = performance.now();
      print(`${count(start + values.length)} of ${count(rows.rowCount)} rows`);
    }
    if (unanswered === rows.rowCount)
      throw new InputError(`${rows.source}: no row can be answered; the first: ${first}`);
    writing.onStage(`the answers as ${extname(out)}`, 0, 1);
    written = await file.finish();
  } finally {
    writing.stop();
    await file.discard();
    await model.release();
  }
  const seconds = (performance.now() - started) / 1000;
  const summary = {
    ...{ file: out, columns: written.columns, model: name, version, operation },
    ...{ rows: rows.rowCount, unanswered, unseen: unseen?.count ?? 0 },
  };
  const flagged = operation === 'score' ? { anomalies } : {};
  if (json) console.log(JSON.stringify({ ...summary, ...flagged, seconds }));
  print(
    table([
      ['model', `${name}@${version}, ${operation}`],
      ['rows', `${count(rows.rowCount)} of ${rows.source}`],
      ...(unanswered === 0
        ? []
        : [
            ['without an answer', `${count(unanswered)}, see the column problem; the first: ${first}`] as [
              string,
              string,
            ],
          ]),
      ...(unseen === undefined
        ? []
        : [['categories not seen in training', unseenText(unseen)] as [string, string]]),
      ...(operation === 'score' ? [['anomalies', count(anomalies)] as [string, string]] : []),
      ['time', `${seconds.toFixed(1)} s, ${count(Math.round(rows.rowCount / seconds))} rows a second`],
      ['written', out],
      ['format', written.format],
    ]),
  );
  print(columnsText(out, written));
}

/** Categories that training did not see. */
interface Unseen {
  readonly count: number;
  /** The first of them; its row is counted from the start of the file. */
  readonly first: UnseenCategory;
}

function counted(
  before: Unseen | undefined,
  found: readonly UnseenCategory[],
  start: number,
): Unseen | undefined {
  const [first] = found;
  if (first === undefined) return before;
  return {
    count: (before?.count ?? 0) + found.length,
    first: before?.first ?? { ...first, row: start + first.row },
  };
}

function unseenText({ count: all, first: { row, feature, value } }: Unseen): string {
  const example = `${feature} = ${JSON.stringify(value)} in row ${row}`;
  return `${count(all)}, taken for missing values and named in unseen; the first: ${example}`;
}

function columnsText(file: string, { columns }: Written): string {
  const others = columns.length - SHOWN_COLUMNS;
  const names = columns.slice(0, SHOWN_COLUMNS).join(', ');
  return `columns of ${file}: ${names}${others > 0 ? ` and ${others} others` : ''}`;
}

await run(program);
