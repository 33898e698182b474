/** What is news of things that can fail for long. */
import { logEvent } from '../telemetry/log.ts';

/** Things that fail now, so that each is logged when that begins and when it ends, not at every request. */
const failing = new Set<string>();

/** Names that exist are few; were they not, forgetting them only means to log again. */
const CAPACITY = 1000;

/** Logs that `subject` cannot be had, or can again, where that is news. */
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
