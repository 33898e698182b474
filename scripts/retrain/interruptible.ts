/** Interrupting a command that has begun to change what is served: it is undone before it ends. */
import { InterruptedError } from '../../shared/errors.ts';
import { STOP_CODES, type StopSignal } from '../cli/signals.ts';
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

/** The reason of an interruption. What has begun is undone first, which a second signal prevents. */
export function interruptedBy(signal: StopSignal): InterruptedError {
  const by = signal === 'SIGINT' ? 'Ctrl-C (SIGINT)' : signal;
  process.stderr.write(`${by}: undoing this run; once more to quit at once\n`);
  return new InterruptedError(`interrupted by ${by}`, STOP_CODES[signal]);
}
