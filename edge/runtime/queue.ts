/** A queue that runs work one piece at a time, in order, regardless of earlier failures. */
export type Queue = <Result>(work: () => Promise<Result>) => Promise<Result>;

/**
 * Creates a queue. A piece of work that fails rejects its own promise, and the next one starts.
 *
 * Pending work is taken from a list by whichever request is running, not chained promise to promise: in a
 * Worker, the continuations of a request whose client disconnects may never run, and a chain would wait for
 * them forever.
 *
 * @example
 * const queue = serialQueue();
 * await queue(() => session.run(feeds));
 */
export function serialQueue(): Queue {
  const waiting: (() => Promise<void>)[] = [];
  let draining = false;
  const drain = async (): Promise<void> => {
    if (draining) return;
    draining = true;
    for (let next = waiting.shift(); next; next = waiting.shift()) await next();
    draining = false;
  };
  return (work) =>
    new Promise((resolve, reject) => {
      waiting.push(async () => {
        try {
          resolve(await work());
        } catch (error) {
          reject(error);
        }
      });
      void drain();
    });
}
