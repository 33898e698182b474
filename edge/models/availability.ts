/** Logging of outages: once when something becomes unavailable, and once when it is back. */
import { logEvent } from '../telemetry/log.ts';

/** Subjects that are unavailable now. */
const failing = new Set<string>();

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
  if (failing.has(subject)) return;
  if (failing.size >= CAPACITY) failing.clear();
  failing.add(subject);
  logEvent(`${subject}: unavailable`, outcome.error);
}
