/** Outages: logged once when something becomes unavailable, and once when it is back, and counted. */
import { logEvent } from '../telemetry/log.ts';

/** Subjects that are unavailable now. */
const failing = new Set<string>();

let failures = 0;

/** Limit of remembered subjects; forgetting one only means to log it again. */
const CAPACITY = 1000;

/** Logs that `subject` has become unavailable, or available again; repeated outcomes are not logged. */
export function reportAvailability(
  subject: string,
  outcome: 'available' | { readonly error: unknown },
): void {
  if (outcome === 'available') {
    if (failing.delete(subject)) logEvent(`${subject}: available again`);
    return;
  }
  failures++;
  if (failing.has(subject)) return;
  if (failing.size >= CAPACITY) failing.clear();
  failing.add(subject);
  logEvent(`${subject}: unavailable`, outcome.error);
}

export interface Outages {
  /** Failed reads of this isolate since its start. */
  readonly failures: number;
  /** The bucket, aliases and versions that are unavailable now. */
  readonly unavailable: readonly string[];
}

export function outages(): Outages {
  return { failures, unavailable: [...failing] };
}
