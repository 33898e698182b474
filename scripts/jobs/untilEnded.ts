/** Waiting for the end of a job, with its progress. */
import { setTimeout as sleep } from 'node:timers/promises';
import { SingleBar } from 'cli-progress';
import type { Job } from '../../shared/jobsApi.ts';
import { count } from '../../training/report/format.ts';
import type { JobsApi } from './api.ts';

const POLL_MS = 1000;
/** Time between two lines, where there is no terminal for a bar. */
const LINE_MS = 10_000;
const ENDS: readonly Job['state'][] = ['done', 'failed', 'cancelled'];

/** Asks for a job until it has ended, and shows its progress: as a bar if stderr is a terminal, otherwise as lines. */
export async function untilEnded(api: JobsApi, started: Job, print: (line: string) => void): Promise<Job> {
  const bar = new SingleBar({
    format: '{state} [{bar}] {percentage}% | {value} of {total} rows | {speed} rows a second',
    hideCursor: true,
    clearOnComplete: true,
    noTTYOutput: false,
  });
  let job = started;
  let printed = performance.now();
  try {
    while (!ENDS.includes(job.state)) {
      await sleep(POLL_MS);
      job = await api.job(job.id);
      const { state, rows, rowsPerSecond } = job;
      const done = rows.answered + rows.unanswered;
      if (process.stderr.isTTY) {
        const shown = { state, speed: count(rowsPerSecond) };
        if (bar.isActive) bar.setTotal(rows.total ?? done);
        else bar.start(rows.total ?? done, done, shown);
        bar.update(done, shown);
      } else if (performance.now() - printed > LINE_MS) {
        printed = performance.now();
        print(`${state}: ${count(done)} of ${rows.total === null ? 'more' : count(rows.total)} rows`);
      }
    }
    return job;
  } finally {
    bar.stop();
  }
}
