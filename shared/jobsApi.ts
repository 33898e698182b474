/** Bodies of the API of jobs, `/v1/jobs`: one schema each. */
import * as z from 'zod';
import { ModelName, ModelVersion, OperationName } from './manifest.ts';

/** Formats of a file of rows. */
export const JOB_FORMATS = ['ndjson', 'csv', 'float32'] as const;
export const JobFormat = z.enum(JOB_FORMATS);
export type JobFormat = z.infer<typeof JobFormat>;

/** States of a job, in the order in which it goes through the first three. */
export const JobState = z.enum(['planning', 'running', 'joining', 'done', 'failed', 'cancelled']);

/** `POST /v1/jobs`. */
export const JobRequest = z.lazy(() =>
  z.strictObject({
    model: z
      .string()
      .describe('`name`, `name@version` or `name@alias`; the version that it names now answers all rows.'),
    operation: OperationName.describe(
      'An operation of the model. One that does not answer row by row takes the body of a request per line of NDJSON.',
    ),
    query: z
      .record(z.string(), z.string())
      .describe('Query parameters of the operation, as text.')
      .optional(),
    input: z.string().describe('The object with the rows, `r2://jobs/{key}`.'),
    output: z
      .string()
      .describe(
        'The object for the answers, `r2://jobs/{key}`, which must not exist yet: `.ndjson` or `.jsonl` for a JSON document per row, `.f32` or `.bin` for float32 values.',
      ),
    format: JobFormat.describe(
      'The format of the input; by default, that of its ending: `.ndjson` or `.jsonl`, `.csv`, `.f32` or `.bin`.',
    ).optional(),
  }),
);

/** `GET /v1/jobs/{id}`. */
export const Job = z.lazy(() =>
  z.strictObject({
    id: z.string().describe('The id of the job.'),
    state: JobState.describe(
      'Rows are split into chunks (`planning`), answered (`running`), and the answers joined (`joining`).',
    ),
    model: ModelName.describe('The name of the model.'),
    version: ModelVersion.describe('The version that answers all rows.'),
    operation: OperationName.describe('The operation.'),
    query: z.record(z.string(), z.string()).describe('Query parameters of the operation.').optional(),
    input: z.string().describe('The object with the rows.'),
    format: JobFormat.describe('The format of the input.'),
    output: z.string().describe('The object for the answers.'),
    problemList: z
      .string()
      .describe('The object that lists the rows without an answer, once the job is done; it may be empty.'),
    ignoredColumns: z
      .array(z.string())
      .describe('Columns of a CSV file that the model does not know.')
      .optional(),
    rows: z
      .strictObject({
        total: z
          .number()
          .int()
          .nonnegative()
          .nullable()
          .describe('Rows of the input; null until all are counted.'),
        answered: z.number().int().nonnegative().describe('Rows with an answer so far.'),
        unanswered: z.number().int().nonnegative().describe('Rows with a problem so far.'),
      })
      .describe('Counts of rows.'),
    rowsPerSecond: z.number().nonnegative().describe('Rows a second since the job started.'),
    createdAt: z.iso.datetime().describe('The time at which the job was submitted.'),
    endedAt: z.iso.datetime().describe('The time at which the job ended.').optional(),
    problem: z.string().describe('The reason for which the job failed.').optional(),
  }),
);

/** `GET /v1/jobs`. */
export const JobList = z.lazy(() =>
  z.strictObject({
    jobs: z.array(Job).describe('The newest jobs first, up to 100 of them.'),
  }),
);

export type JobRequest = z.infer<typeof JobRequest>;
export type Job = z.infer<typeof Job>;
export type JobList = z.infer<typeof JobList>;
