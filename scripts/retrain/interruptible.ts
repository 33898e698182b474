/** Interrupting a command that has begun to change what is served: it is undone before it ends. */
import { setTimeout as sleep } from 'node:timers/promises';
import { InterruptedError } from '../../shared/errors.ts';
import { printAside } from '../cli/printable.ts';
import { nameOf, onStopSignal, STOP_CODES, type StopSignal } from '../cli/signals.ts';
import { nextCommand } from './nextCommand.ts';
import type { Target } from './targets/target.ts';

/**
 * A target for steps that may be interrupted: once the signal is aborted, every call throws its reason. A call in
 * progress is finished, so that an undo does not race with it.
 */
export function interruptible(target: Target, signal: AbortSignal): Target {
  const guarded = <Part extends object>(part: Part): Part =>
    new Proxy(part, {
      get: (own, name) => {
        const member: unknown = Reflect.get(own, name);
        if (typeof member !== 'function') return member;
        return (...values: unknown[]) => {
          signal.throwIfAborted();
          return member.apply(own, values) as unknown;
        };
      },
    });
  return {
    ...target,
    bucket: guarded(target.bucket),
    live: guarded(target.live),
    release: guarded(target.release),
  };
}

/** Waits for work that changes nothing which is served; if it is interrupted, the work is abandoned. */
export async function unlessInterrupted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  let stop = (): void => undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop);
  });
  return Promise.race([work, stopped]).finally(() => signal.removeEventListener('abort', stop));
}

/** Milliseconds for which a second signal waits to learn what is in force. */
const TELL_MS = 1000;

/**
 * Aborts on a signal, after which what has begun is undone. A second one tells what is in force, and ends the process.
 * Returns a function that stops both.
 */
export function abortOnSignal(interrupt: AbortController, target: Target, model: string): () => void {
  let ignore = onStopSignal((first) => {
    ignore = onStopSignal((second) => void quit(target, model, second));
    interrupt.abort(interruptedBy(first));
  });
  return () => ignore();
}

async function quit(target: Target, model: string, signal: StopSignal): Promise<never> {
  // Few runs need it, and none at its start.
  const { inForceOf, notKnown } = await import('./inForce.ts');
  const inForce = await Promise.race([
    inForceOf(target, model).then(({ text }) => text),
    sleep(TELL_MS).then(() => notKnown('the store has not answered')),
  ]);
  printAside(
    `${nameOf(signal)} again: ended at once; in force: ${inForce}; to see what is left to do: ${nextCommand(target, 'deploy', '--status', model)}`,
  );
  process.exit(STOP_CODES[signal]);
}

function interruptedBy(signal: StopSignal): InterruptedError {
  const by = nameOf(signal);
  process.stderr.write(`${by}: undoing this run; once more to quit at once\n`);
  return new InterruptedError(`interrupted by ${by}`, STOP_CODES[signal]);
}
