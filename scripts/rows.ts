/** `npm run rows -- <action>`: lists and deletes rows that a Worker has logged for training. */
import { Argument, InvalidArgumentError, Option } from 'commander';
import { InputError } from '../shared/errors.ts';
import { count } from '../training/report/format.ts';
import { command, printer, run } from './cli/command.ts';
import { withEnvironmentFlag } from './cli/environmentFlag.ts';
import { summaries } from './cli/flags.ts';
import { columnsTable } from './cli/tables.ts';
import { deleteRows } from './loggedRows/deleteRows.ts';
import { listLogged } from './loggedRows/listRows.ts';
import { TARGET_NAMES, TARGETS, type TargetName } from './retrain/targets/registry.ts';
import type { ModelBucket } from './store/bucket.ts';

interface RowsFlags {
  readonly target: TargetName;
  readonly model?: string;
  readonly where?: readonly [column: string, value: string];
  readonly dryRun: boolean;
  readonly json?: boolean;
}

interface Action {
  readonly summary: string;
  readonly run: (
    bucket: ModelBucket,
    flags: RowsFlags,
  ) => Promise<{ readonly lines: readonly string[]; readonly json: unknown }>;
}

const ACTIONS = {
  list: {
    summary: 'models and days with rows, and labels',
    run: async (bucket) => {
      const logged = await listLogged(bucket);
      const rows = logged.map(({ model, days, first, last, objects }) => [
        ...[model ?? '(labels)', count(days), first, last, count(objects)],
      ]);
      const text = columnsTable(['model', 'days', 'first', 'last', 'objects'], rows);
      return { lines: [logged.length === 0 ? 'no rows are logged' : text], json: { logged } };
    },
  },
  delete: {
    summary: 'delete the rows of --model for which --where holds, and their labels',
    run: async (bucket, { model, where, dryRun }) => {
      if (model === undefined) throw new InputError('expected --model, whose rows to delete');
      if (where === undefined) throw new InputError('expected --where column=value, which rows to delete');
      const [column, value] = where;
      const salt = process.env.ROWS_SALT;
      const deleted = await deleteRows(bucket, { model, column, value, salt, dryRun });
      const { rows, labels, unknown } = deleted;
      const told = `${count(rows)} rows of ${model} and ${count(labels)} labels`;
      return {
        lines: [
          dryRun ? `would delete ${told}` : `deleted ${told}`,
          ...(unknown > 0
            ? [`${count(unknown)} rows were logged without column ${column}: whose they are is not known`]
            : []),
        ],
        json: { ...deleted, dryRun },
      };
    },
  },
} as const satisfies Record<string, Action>;

const program = withEnvironmentFlag(
  command('rows', 'List and delete rows that a Worker has logged for training.'),
)
  .usage('<action> [options]')
  .addArgument(new Argument('<action>', summaries(ACTIONS)).choices(Object.keys(ACTIONS)))
  .addOption(
    new Option('--target <name>', `where the bucket is: ${summaries(TARGETS)}`)
      .choices(TARGET_NAMES)
      .default('local'),
  )
  .option('--model <name>', 'with delete: the model')
  .option(
    '--where <column=value>',
    'with delete: the value of the rows; of a hashed column, as it was before (needs ROWS_SALT)',
    parseWhere,
  )
  .option('--dry-run', 'with delete: only count', false)
  .action(async (action: keyof typeof ACTIONS, flags: RowsFlags) => {
    const print = printer(flags.json);
    const target = await TARGETS[flags.target].open({
      ...{ url: undefined, release: undefined, replaceCode: false },
      ...{ dryRun: flags.dryRun, serves: false, print },
    });
    try {
      const { lines, json } = await (ACTIONS[action] as Action).run(await target.rows(), flags);
      for (const line of lines) print(line);
      if (flags.json) console.log(JSON.stringify(json));
    } finally {
      await target.close();
    }
  });

function parseWhere(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new InvalidArgumentError('expected column=value, for instance site=north.');
}

await run(program);
