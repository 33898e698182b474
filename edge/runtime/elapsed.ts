/** Time between two moments, on a clock that can be set back. */

/**
 * True once `ms` have passed since `since`, a reading of `Date.now()`. Also true if the clock has been set back since
 * then: the age is unknown, and waiting until the clock catches up could take hours.
 *
 * @example
 * if (hasPassed(checkedAt, 30_000)) await readAgain();
 */
export function hasPassed(since: number, ms: number): boolean {
  const age = Date.now() - since;
  return !(age >= 0 && age < ms);
}

/** Returns the milliseconds since `start`, a reading of `performance.now()`, which is no steady clock in Workers. */
export function elapsedSince(start: number): number {
  return Math.max(0, performance.now() - start);
}
