/** `npm run jobs -- submit orders --operation score --input november.csv`: answers to all rows of an object in R2. */
import { Argument, Option } from 'commander';
import { JOB_FORMATS, type Job, type JobFormat } from '../shared/jobsApi.ts';
import type { OperationName } from '../shared/manifest.ts';
import { count } from '../training/report/format.ts';
import { command, EXIT, printer, run } from './cli/command.ts';
import { withEnvironmentFlag } from './cli/environmentFlag.ts';
import { summaries } from './cli/flags.ts';
import { columnsTable, table } from './cli/tables.ts';
import { type JobsApi, jobsApi, required } from './jobs/api.ts';
import { fetchAnswers, uploaded } from './jobs/files.ts';
import { untilEnded } from './jobs/untilEnded.ts';

interface JobsFlags {
  readonly url?: string;
  readonly operation?: OperationName;
  readonly input?: string;
  readonly output?: string;
  readonly format?: JobFormat;
  readonly query: readonly string[];
  readonly upload?: string;
  readonly out?: string;
  readonly wait?: boolean;
  readonly json?: boolean;
}

interface ActionReply {
  readonly lines: readonly string[];
  readonly json: unknown;
  /** The job that the action was about. */
  readonly job?: Job;
}

interface Action {
  readonly summary: string;
  readonly run: (
    api: JobsApi,
    subject: string | undefined,
    flags: JobsFlags,
    print: (line: string) => void,
  ) => Promise<ActionReply>;
}

const ACTIONS = {
  submit: {
    summary: 'answer all rows of --input by a model',
    run: async (api, subject, flags, print) => {
      const model = required(subject, 'a model, for instance orders or orders@production');
      const { upload, input } = flags;
      const key = upload === undefined ? input : await uploaded(api, upload, input, print);
      const submitted = await api.submit(
        model,
        { ...flags, ...(key !== undefined && { input: key }) },
        print,
      );
      print(`submitted job ${submitted.id}`);
      return followed(api, submitted, flags, print);
    },
  },
  status: {
    summary: 'the state and the progress of a job',
    run: async (api, subject, flags, print) =>
      followed(api, await api.job(required(subject, 'the id of a job')), flags, print),
  },
  cancel: {
    summary: 'end a job, and delete its answers so far',
    run: async (api, subject) => replyOf(await api.cancel(required(subject, 'the id of a job'))),
  },
  list: {
    summary: 'the newest jobs',
    run: async (api) => {
      const jobs = await api.list();
      const rows = jobs.map(({ id, state, model, version, operation, input, rows: { answered, total } }) => [
        ...[id, state, `${model}@${version} ${operation}`, input],
        total === null ? count(answered) : `${count(answered)} of ${count(total)}`,
      ]);
      const lines = [
        jobs.length === 0
          ? 'there is no job'
          : columnsTable(['job', 'state', 'model', 'input', 'answered'], rows),
      ];
      return { lines, json: { jobs } };
    },
  },
} as const satisfies Record<string, Action>;

const program = withEnvironmentFlag(
  command('jobs', 'Answer all rows of an object in R2 by a serving Worker, in the background.'),
)
  .usage('<action> [subject] [options]')
  .addArgument(new Argument('<action>', summaries(ACTIONS)).choices(Object.keys(ACTIONS)))
  .argument('[subject]', 'with submit a model, with status and cancel the id of a job')
  .option('--url <url>', 'URL of the serving Worker (default: LATENTEDGE_URL, or that of a running serve)')
  .option('--input <key>', 'with submit: object of rows in the bucket of jobs, for instance november.csv')
  .option('--output <key>', 'object for the answers, .ndjson or .f32 (default: named after the input)')
  .option('--operation <name>', 'operation of the API (default: score, else predict, else encode)')
  .addOption(
    new Option('--format <name>', 'format of the input (default: that of its ending)').choices(JOB_FORMATS),
  )
  .option('--query <key=value...>', 'query parameters of the operation, such as top=1', [])
  .option('--upload <file>', 'with submit: upload the rows first, as --input or under the name of the file')
  .option('--wait', 'with submit and status: show the progress until the job has ended')
  .option('--out <file>', 'with submit and status: wait, and fetch the answers into a file')
  .addHelpText(
    'after',
    '\nThe key of the API is taken from LATENTEDGE_API_KEY.\n\nExample:\n  jobs submit orders --upload november.csv --operation score --out scores.ndjson',
  )
  .action(async (action: keyof typeof ACTIONS, subject: string | undefined, flags: JobsFlags) => {
    const print = printer(flags.json);
    const api = await jobsApi(flags.url);
    const { lines, json, job } = await (ACTIONS[action] as Action).run(api, subject, flags, print);
    for (const line of lines) print(line);
    if (flags.json) console.log(JSON.stringify(json));
    const isAwaited = flags.wait || flags.out !== undefined;
    if (job?.state === 'failed' || (isAwaited && job?.state === 'cancelled')) process.exitCode = EXIT.failed;
  });

/** Waits for the end of a job and fetches its answers, as far as the flags ask for it. */
async function followed(
  api: JobsApi,
  started: Job,
  { wait, out }: JobsFlags,
  print: (line: string) => void,
): Promise<ActionReply> {
  const job = wait || out !== undefined ? await untilEnded(api, started, print) : started;
  if (out !== undefined && job.state === 'done') {
    await fetchAnswers(api, job, out);
    print(`fetched the answers into ${out}`);
  }
  return replyOf(job);
}

function replyOf(job: Job): ActionReply {
  const { id, state, model, version, operation, input, output, problemList, rows, rowsPerSecond } = job;
  const total = rows.total === null ? 'not counted yet' : count(rows.total);
  const lines: [string, string][] = [
    ['job', `${id}, ${state}`],
    ['model', `${model}@${version}, ${operation}`],
    ['input', input],
    ...(job.ignoredColumns ? [['ignored columns', job.ignoredColumns.join(', ')] as [string, string]] : []),
    ['rows', `${count(rows.answered)} answered, of ${total}; ${count(rowsPerSecond)} rows a second`],
    ...(rows.unanswered > 0
      ? [['without an answer', `${count(rows.unanswered)}, listed in ${problemList}`] as [string, string]]
      : []),
    ...(job.problem === undefined ? [] : [['problem', job.problem] as [string, string]]),
    ['output', state === 'done' ? output : `${output}, once the job is done`],
  ];
  return { lines: [table(lines)], json: job, job };
}

await run(program);
