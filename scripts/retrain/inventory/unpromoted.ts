/** Versions that are no use to return to: those that a run did not promote, or that a rollback left. */
import { changeIn, leftBy } from '../commands.ts';
import type { JournalEntry } from '../journal.ts';

/** Returns the fate of each such version, from its last entry in the history. */
export function unpromotedIn(entries: readonly JournalEntry[]): Map<string, string> {
  const unpromoted = new Map<string, string>();
  const promoted = new Set<string>();
  const trained = new Map<string, string>();
  const promote = (version: string) => {
    promoted.add(version);
    unpromoted.delete(version);
  };
  for (const entry of entries) {
    const { run, event, outcome, details } = entry;
    const found = (details?.found as { readonly challenger?: string } | undefined)?.challenger;
    if (found !== undefined) trained.set(run, found);
    const version = trained.get(run);
    if (event === 'ended' && version !== undefined && outcome !== undefined) {
      if (outcome === 'promoted' || outcome === 'unchanged') promote(version);
      // A run that ends in another way leaves a version in force that was promoted before.
      else if (!promoted.has(version)) unpromoted.set(version, outcome);
    }
    if (event !== 'command') continue;
    const to = changeIn(entry).to?.production;
    if (run === 'rollback')
      for (const left of Object.values(leftBy(entry))) {
        promoted.delete(left);
        unpromoted.set(left, 'rolled back');
      }
    if (to !== undefined) promote(to);
  }
  return unpromoted;
}
