/** One at a time, in order, whatever happens to those before. */
export type Queue = <Result>(work: () => Promise<Result>) => Promise<Result>;

/**
 * Runs pieces of work strictly one after the other; one that fails rejects its own promise and the next one starts.
 *
 * Pending work is pulled from a list by whichever request is running, not chained promise to promise: in a Worker the
 * continuations of a request whose client hangs up may never run, and a chain would wait for that link for ever.
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
