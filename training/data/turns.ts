/** Long work on columns in parts, between which Ctrl-C is noticed and progress is shown. */
import { setImmediate } from 'node:timers/promises';

/** Work that yields, after each part, the share of it that is done, in [0, 1]. */
export type Work<T> = Generator<number, T>;

/** Does all parts without a pause. */
export function atOnce<T>(work: Work<T>): T {
  let part = work.next();
  while (part.done !== true) part = work.next();
  return part.value;
}

/** Does the parts one by one, and lets others take their turn in between. */
export async function inTurns<T>(work: Work<T>, onShare?: (share: number) => void): Promise<T> {
  let part = work.next();
  while (part.done !== true) {
    onShare?.(part.value);
    await setImmediate();
    part = work.next();
  }
  return part.value;
}
