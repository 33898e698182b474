/** A mutual exclusion of requests. */

/** Runs work when no other is running. */
export type Mutex = <Result>(work: () => Promise<Result>) => Promise<Result>;

/**
 * Creates a mutex. Each piece of work runs in the request that asks for it, because what a request has opened is of no
 * use to others. The code of a request whose client went away may never run again: after `lostMs` without an end, its
 * work is taken for lost, and the next one starts.
 *
 * @example
 * const mutex = createMutex(5000);
 * await mutex(() => stub.take(piece));
 */
export function createMutex(lostMs: number): Mutex {
  /** Resolves when the work that is running has ended. */
  let running: Promise<void> | undefined;
  return async (work) => {
    for (let other = running; other !== undefined; other = running) {
      await atMost(lostMs, other);
      // Unless another one has started since.
      if (running === other) running = undefined;
    }
    let end!: () => void;
    const own = new Promise<void>((resolve) => {
      end = resolve;
    });
    running = own;
    try {
      return await work();
    } finally {
      if (running === own) running = undefined;
      end();
    }
  };
}

/** Waits for a promise that never rejects, for up to `ms`. */
async function atMost(ms: number, promise: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([promise, late]);
  clearTimeout(timer);
}
