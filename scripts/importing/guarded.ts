/** Runs graphs that were made elsewhere in a process that may take so long, and that may end. */
import { once } from 'node:events';
import { InputError } from '../../shared/errors.ts';
import type { JobResult, RunJobs } from '../../training/importing/jobs.ts';
import { startProcess } from '../cli/childProcess.ts';

/** Returns a runner whose jobs may take `seconds` in total; a graph that never ends, or crashes, is an error. */
export function guardedRun(seconds: number): RunJobs {
  return async (jobs) => {
    // What onnxruntime would write about a graph is in the error.
    const child = startProcess('scripts/importing/child', { silent: true });
    const timer = setTimeout(() => child.kill('SIGKILL'), seconds * 1000);
    const started = performance.now();
    const ended = once(child, 'exit').then(([code, signal]): never => {
      const isLate = signal === 'SIGKILL' && performance.now() - started >= seconds * 1000;
      throw new InputError(
        isLate
          ? `the graph has not ended after ${seconds} s: a loop in it may never end; --time-limit allows more`
          : `the graph ended the process that ran it: ${signal ?? `exit code ${code}`}`,
      );
    });
    // Of no interest once there is an answer.
    ended.catch(() => undefined);
    child.send(jobs);
    try {
      const [results] = (await Promise.race([once(child, 'message'), ended])) as [readonly JobResult[]];
      return results;
    } finally {
      clearTimeout(timer);
      child.kill();
    }
  };
}
