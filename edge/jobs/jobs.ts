/** Jobs as the API shows them: submitted, read, listed and cancelled. */
import type { Job, JobList } from '../../shared/jobsApi.ts';
import type { Caller } from '../environment.ts';
import type { JobBindings, JobBucket, JobWorkflow } from '../jobBindings.ts';
import { ProblemError } from '../problems.ts';
import { logEvent } from '../telemetry/log.ts';
import { addressOfKey, OWN_FOLDER, problemsKey } from './files.ts';
import { endJob, JOB_ID, type JobEnd, type JobProgress, type JobRecord, keys, readJson } from './record.ts';

/** Jobs that are listed. */
const MOST = 100;
/** Time until a Workflow has started. */
const START_MS = 10_000;

/**
 * Returns a job, and wakes its Workflow if that has not reported for longer than it said. Cloudflare resumes Workflows by
 * itself; on this machine, they stop with their process, and an event has them go on.
 * @throws {ProblemError} `unknown-job`, also for a job of another key.
 */
export async function jobOf(
  { bucket, workflow }: Pick<JobBindings, 'bucket' | 'workflow'>,
  id: string,
  caller: Caller,
): Promise<Job> {
  const found = JOB_ID.test(id) ? await readJob(bucket, id) : undefined;
  if (found === undefined || !maySee(caller, found.record)) throw unknownJob(id);
  if (isOverdue(found)) await wake(workflow, id);
  return describe(found);
}

function isOverdue({ record, progress, end }: Found): boolean {
  const due = progress?.due ?? Date.parse(record.createdAt) + START_MS;
  return end === undefined && Date.now() > due;
}

async function wake(workflow: JobWorkflow, id: string): Promise<void> {
  try {
    const instance = await workflow.get(id);
    await instance.sendEvent({ type: 'wake', payload: {} });
  } catch (error) {
    // The state of the job can be told all the same.
    logEvent(`the Workflow of job ${id} cannot be woken`, error);
  }
}

/** Lists the newest jobs of a caller. */
export async function listJobs(bucket: JobBucket, caller: Caller): Promise<JobList> {
  const jobs: Job[] = [];
  let page = await bucket.list({ prefix: OWN_FOLDER, delimiter: '/', limit: MOST });
  for (;;) {
    const ids = page.delimitedPrefixes.map((prefix) => prefix.slice(OWN_FOLDER.length, -1));
    const found = await Promise.all(ids.map((id) => readJob(bucket, id)));
    jobs.push(...found.flatMap((job) => (job && maySee(caller, job.record) ? describe(job) : [])));
    if (!page.truncated || jobs.length >= MOST) return { jobs: jobs.slice(0, MOST) };
    page = await bucket.list({ prefix: OWN_FOLDER, delimiter: '/', limit: MOST, cursor: page.cursor! });
  }
}

/**
 * Cancels a job: its Workflow and its consumers see the end, and stop.
 * @throws {ProblemError} `unknown-job`, or `job-ended` if it has ended already.
 */
export async function cancelJob(
  bindings: Pick<JobBindings, 'bucket' | 'workflow'>,
  id: string,
  caller: Caller,
): Promise<Job> {
  const { state } = await jobOf(bindings, id, caller);
  if (!(await endJob(bindings.bucket, id, { state: 'cancelled' }))) {
    const detail = `Job ${id} has ended: it is ${state}. Only running jobs can be cancelled.`;
    throw new ProblemError('job-ended', { detail, received: id });
  }
  return jobOf(bindings, id, caller);
}

interface Found {
  readonly record: JobRecord;
  readonly progress: JobProgress | undefined;
  readonly end: JobEnd | undefined;
}

async function readJob(bucket: JobBucket, id: string): Promise<Found | undefined> {
  const [record, progress, end] = await Promise.all([
    readJson<JobRecord>(bucket, keys.record(id)),
    readJson<JobProgress>(bucket, keys.progress(id)),
    readJson<JobEnd>(bucket, keys.end(id)),
  ]);
  return record && { record, progress, end };
}

/** Jobs belong to the key that submitted them; who administers the Worker sees all. */
function maySee({ name, scopes }: Caller, { caller }: JobRecord): boolean {
  return caller === name || scopes.includes('admin');
}

function describe({ record, progress, end }: Found): Job {
  const { id, model, version, operation, query, format, ignoredColumns, createdAt } = record;
  const state = end?.state ?? progress?.state ?? 'planning';
  const { planned, done, unanswered, at } = progress ?? { planned: 0, done: 0, unanswered: 0, at: 0 };
  const isPlanned = progress !== undefined && progress.state !== 'planning';
  const seconds = (at - Date.parse(createdAt)) / 1000;
  return {
    ...{ id, state, model, version, operation },
    ...(query && { query }),
    ...{ input: addressOfKey(record.input), format, output: addressOfKey(record.output) },
    problemList: addressOfKey(problemsKey(record.output)),
    ...(ignoredColumns && { ignoredColumns: [...ignoredColumns] }),
    rows: { total: isPlanned ? planned : null, answered: done - unanswered, unanswered },
    rowsPerSecond: seconds > 0 ? Math.round(done / seconds) : 0,
    createdAt,
    ...(end && { endedAt: end.at }),
    ...(end?.problem !== undefined && { problem: end.problem }),
  };
}

function unknownJob(id: string): ProblemError {
  const received = id.slice(0, 60);
  const detail = `There is no job ${JSON.stringify(received)} here; GET /v1/jobs lists yours.`;
  return new ProblemError('unknown-job', { detail, received });
}
