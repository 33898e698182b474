/** The Workflow of a job: it plans chunks, watches their answers, joins these and tidies up. Every step can be repeated. */

import type { JobBindings, JobBucket, UploadedPart, WorkflowStep } from '../jobBindings.ts';
import { logEvent } from '../telemetry/log.ts';
import type { ChunkStart } from './chunks.ts';
import { problemsKey } from './files.ts';
import { finishJoin, type JoinTask, joinSome, startJoin } from './join.ts';
import { partSize } from './parts.ts';
import { JobError, planWindow } from './plan.ts';
import { endJob, type JobProgress, type JobRecord, keys, PART_KINDS, readJson } from './record.ts';
import { countAnswers, NOTHING_SEEN, type Seen, sendMissing } from './watch.ts';

type Bindings = Pick<JobBindings, 'bucket' | 'queue'>;

const SECOND = 1000;
/** The pauses between two looks grow, since the steps of a Workflow are limited in number. */
const FIRST_PAUSE = SECOND / 4;
const LONGEST_PAUSE = 30 * SECOND;
/** Time without any new answer after which chunks are sent again; it doubles each time. */
const FIRST_STALL = 15 * SECOND;
/** Time that a step may take. */
const STEP_TIME = 5 * SECOND;

/** A job that has ended otherwise, for instance because it was cancelled. */
class EndedError extends Error {}

interface Run extends Bindings {
  readonly id: string;
  /** Does a step of a job that has not ended. @throws {JobError} that the work throws, which is not repeated. */
  readonly attempt: <Result>(name: string, work: () => Promise<Result>) => Promise<Result>;
  readonly sleep: WorkflowStep['sleep'];
}

/** Runs a job to its end, whatever that is. */
export async function runJob(bindings: Bindings, id: string, step: WorkflowStep): Promise<void> {
  const { bucket } = bindings;
  const run: Run = {
    ...bindings,
    id,
    attempt: (name, work) => attempted(bucket, id, step, name, work),
    sleep: (name, milliseconds) => step.sleep(name, milliseconds),
  };
  try {
    const job = await run.attempt('record', () => requireRecord(bucket, id));
    await join(run, job, await watch(run, await plan(run, job)));
    await step.do('done', () => endJob(bucket, id, { state: 'done' }));
  } catch (error) {
    if (!(error instanceof EndedError)) await step.do('failed', () => fail(bucket, id, error));
  }
  await step.do('tidy', () => tidy(bucket, id));
}

/** Errors lose their class between a step and its Workflow, so a step returns what it is not to be repeated for. */
async function attempted<Result>(
  bucket: JobBucket,
  id: string,
  step: WorkflowStep,
  name: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const outcome = await step.do(name, async () => {
    if ((await bucket.head(keys.end(id))) !== null) return { hasEnded: true as const };
    try {
      return { result: await work() };
    } catch (error) {
      if (error instanceof JobError) return { problem: error.message };
      throw error;
    }
  });
  if ('problem' in outcome) throw new JobError(outcome.problem);
  if ('hasEnded' in outcome) throw new EndedError();
  return outcome.result;
}

async function requireRecord(bucket: JobBucket, id: string): Promise<JobRecord> {
  const record = await readJson<JobRecord>(bucket, keys.record(id));
  if (record === undefined) throw new Error(`job ${id}: expected a record, found none`);
  return record;
}

async function fail(bucket: JobBucket, id: string, error: unknown): Promise<boolean> {
  const isExpected = error instanceof JobError;
  if (!isExpected) logEvent(`job ${id}`, error);
  const problem = isExpected ? error.message : 'an internal error, which has been logged';
  return endJob(bucket, id, { state: 'failed', problem });
}

interface Planned {
  /** Rows of the input. */
  readonly rows: number;
  readonly seen: Seen;
}

/** Plans all chunks and sends them; the first are answered meanwhile. */
async function plan({ bucket, queue, id, attempt }: Run, job: JobRecord): Promise<Planned> {
  let from: ChunkStart = { index: 0, start: job.start, row: 0 };
  let seen = NOTHING_SEEN;
  for (let window = 0; ; window++) {
    const planned = await attempt(`plan ${window}`, async () => {
      const { next, isLast } = await planWindow(bucket, queue, job, from);
      const counted = await countAnswers(bucket, id, seen);
      await report(bucket, id, isLast ? 'running' : 'planning', next.row, counted, STEP_TIME);
      return { next, isLast, counted };
    });
    from = planned.next;
    seen = planned.counted;
    if (planned.isLast) break;
  }
  if (from.row === 0) throw new JobError('the input holds no rows');
  return { rows: from.row, seen };
}

/** Waits until all rows are answered. */
async function watch(
  { bucket, queue, id, attempt, sleep }: Run,
  { rows, seen: before }: Planned,
): Promise<Seen> {
  let seen = before;
  let [pause, stalled, stall] = [FIRST_PAUSE, 0, FIRST_STALL];
  for (let look = 0; ; look++) {
    const { now, isLate } = await attempt(`look ${look}`, async () => {
      const counted = await countAnswers(bucket, id, seen);
      const last = await readJson<JobProgress>(bucket, keys.progress(id));
      await report(bucket, id, 'running', rows, counted, pause + STEP_TIME);
      return { now: counted, isLate: last !== undefined && Date.now() > last.due };
    });
    if (now.rows === rows) return now;
    if (now.done > seen.done) [stalled, stall] = [0, FIRST_STALL];
    else stalled += pause;
    seen = now;
    // What stopped the Workflow may have stopped the queue, too.
    if (isLate || stalled >= stall) {
      await attempt(`send again ${look}`, () => sendMissing(bucket, queue, id, now));
      [stalled, stall] = [0, 2 * stall];
    }
    await sleep(`pause ${look}`, pause);
    pause = Math.min(LONGEST_PAUSE, Math.ceil(1.1 * pause));
  }
}

/** Writes the output, and the list of problems next to it. */
async function join({ bucket, id, attempt }: Run, job: JobRecord, seen: Seen): Promise<void> {
  const { rows, unanswered, bytes } = seen;
  const tasks: JoinTask[] = [
    { id, kind: 'answers', output: job.output, partBytes: partSize(bytes) },
    // A line of the list takes about as many bytes as an answer.
    { id, kind: 'problems', output: problemsKey(job.output), partBytes: partSize(bytes) },
  ];
  for (const task of tasks) {
    const { kind, output } = task;
    if (kind === 'problems' && unanswered === 0) {
      await attempt('no problems', async () => void (await bucket.put(output, '')));
      continue;
    }
    let state = await attempt(`join ${kind}`, () => startJoin(bucket, task));
    const parts: UploadedPart[] = [];
    for (let i = 0; ; i++) {
      const joined = await attempt(`join ${kind} ${i}`, async () => {
        const made = await joinSome(bucket, task, state);
        await report(bucket, id, 'joining', rows, seen, STEP_TIME);
        return made;
      });
      parts.push(...joined.parts);
      state = joined.next;
      if (joined.isLast) break;
    }
    await attempt(`joined ${kind}`, () => finishJoin(bucket, task, state, parts));
  }
}

/** Writes the progress, and by when the next is due. */
async function report(
  bucket: JobBucket,
  id: string,
  state: JobProgress['state'],
  planned: number,
  { done, doneUnanswered: unanswered }: Seen,
  wait: number,
): Promise<void> {
  const at = Date.now();
  const progress: JobProgress = { state, planned, done, unanswered, at, due: at + wait };
  await bucket.put(keys.progress(id), JSON.stringify(progress));
}

/** Deletes the numbered objects; the record, the progress and the end stay. */
async function tidy(bucket: JobBucket, id: string): Promise<void> {
  for (const kind of PART_KINDS) {
    for (;;) {
      const { objects } = await bucket.list({ prefix: keys.parts(id, kind) });
      if (objects.length === 0) break;
      await bucket.delete(objects.map(({ key }) => key));
    }
  }
}
