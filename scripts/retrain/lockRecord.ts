/** The record in the object of a lock, and the lock as its owner holds it. */
import * as z from 'zod';

export const LockRecord = z.strictObject({
  /** Id of the run. */
  holder: z.string(),
  /** Chosen at random by the owner, who alone knows how it goes on: no two owners write the same record. */
  token: z.string(),
  /** For people: where the run is. */
  host: z.string(),
  pid: z.number().int(),
  /** Seconds after the last renewal at which the lock expires. */
  seconds: z.number().positive(),
  renewals: z.number().int().nonnegative(),
  released: z.boolean(),
});
export type LockRecord = z.infer<typeof LockRecord>;

export interface RunLock {
  /** Aborted when the lock is lost: another run has taken it, and may have begun. */
  readonly signal: AbortSignal;
  /** Resolves once the lock is certain to be held for a while. @throws if it is lost. */
  confirm(): Promise<void>;
  release(): Promise<void>;
}
