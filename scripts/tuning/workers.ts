/** Processes that run trials at the same time, each on one thread. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { InputError, InterruptedError } from '../../shared/errors.ts';
import { startProcess } from '../cli/childProcess.ts';
import type { RecipeRun } from '../cli/preparedRun.ts';
import type { TrialRunner } from './search.ts';
import type { Answer, Order } from './worker.ts';

export interface Workers {
  readonly runners: readonly TrialRunner[];
  readonly close: () => void;
}

export interface WorkerOptions {
  readonly count: number;
  readonly recipe: string;
  readonly run: RecipeRun;
  /** Fingerprint of the data, which each process reads again. */
  readonly expected: string;
  /** Stops trials after the current batch. */
  readonly signal: AbortSignal;
}

/**
 * Starts the processes and has them read the data.
 * @throws {InputError} if that cannot be read a second time, as from a pipe, or is not the same then.
 */
export async function startWorkers({
  count,
  recipe,
  run,
  expected,
  signal,
}: WorkerOptions): Promise<Workers> {
  const children = Array.from({ length: count }, () => startProcess('scripts/tuning/worker'));
  const close = () => {
    for (const child of children) child.kill('SIGKILL');
  };
  signal.addEventListener('abort', () => {
    for (const child of children) if (child.connected) child.send({ kind: 'stop' } satisfies Order);
  });
  try {
    await Promise.all(
      children.map(async (child) => {
        const answer = await ask(child, { kind: 'prepare', recipe, run });
        if (answer.kind === 'prepared' && answer.fingerprint === expected) return;
        throw new InputError(
          'the data is not the same when it is read again: expected rows that stay, in a file for instance; save them first',
        );
      }),
    );
  } catch (error) {
    close();
    throw error;
  }
  const runners = children.map(
    (child): TrialRunner =>
      async (task) => {
        const answer = await ask(child, { kind: 'trial', task });
        if (answer.kind !== 'result') throw new Error(`expected a result, received '${answer.kind}'`);
        return answer.result;
      },
  );
  return { runners, close };
}

async function ask(child: ChildProcess, order: Order): Promise<Answer> {
  const waiting = new AbortController();
  const { signal } = waiting;
  const ended = once(child, 'exit', { signal }).then(([code, reason]): never => {
    throw new Error(
      `a process that runs trials ended: ${reason ?? `exit code ${code}`}; if memory is short, --parallel 1 takes less`,
    );
  });
  // Of no interest once there is an answer.
  ended.catch(() => undefined);
  child.send(order);
  try {
    const [answer] = (await Promise.race([once(child, 'message', { signal }), ended])) as [Answer];
    if (answer.kind !== 'error') return answer;
    if (answer.of === 'input') throw new InputError(answer.message);
    throw answer.of === 'interrupted' ? new InterruptedError(answer.message) : new Error(answer.message);
  } finally {
    waiting.abort();
  }
}
