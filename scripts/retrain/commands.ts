/** Changes of a model's aliases by manual commands, read from its history. */
import type { Aliases } from '../../shared/aliases.ts';
import type { JournalEntry } from './journal.ts';

/** The aliases before and after a command; none of a command that changed nothing. */
export function changeIn({ details }: JournalEntry) {
  return (details ?? {}) as { readonly from?: Aliases | null; readonly to?: Aliases };
}

/** The versions that a command took the requests of, as production or as canary. */
export function leftBy(entry: JournalEntry): { readonly production?: string; readonly canary?: string } {
  const { from, to } = changeIn(entry);
  const { production, canary } = from ?? {};
  return {
    ...(production !== undefined && production !== to?.production && { production }),
    ...(canary !== undefined && canary.version !== to?.production && { canary: canary.version }),
  };
}

/**
 * The command that went back from a version; undefined if there was none, or it was promoted by hand later. Removing the
 * canary of a run that was killed is none: nobody had judged it.
 */
export function recallOf(entries: readonly JournalEntry[], version: string): JournalEntry | undefined {
  const leaves = (entry: JournalEntry) => {
    const { production, canary } = leftBy(entry);
    return production === version || (canary === version && !isLeftover(entries, entry, version));
  };
  const last = entries
    .filter(({ event }) => event === 'command')
    .findLast((entry) => leaves(entry) || changeIn(entry).to?.production === version);
  return last !== undefined && leaves(last) ? last : undefined;
}

/** The last command that changed the aliases after an entry. */
export function changedAfter(
  entries: readonly JournalEntry[],
  entry: JournalEntry,
): JournalEntry | undefined {
  return entries
    .slice(entries.indexOf(entry))
    .findLast((each) => each.event === 'command' && changeIn(each).to !== undefined);
}

/** True if a command put this version into production after an entry, and none has put another one there since. */
export function isPromotedByHand(
  entries: readonly JournalEntry[],
  entry: JournalEntry,
  version: string,
): boolean {
  const promotions = entries.slice(entries.indexOf(entry)).flatMap((each) => {
    const { from, to } = changeIn(each);
    return each.event === 'command' && to && to.production !== from?.production ? [to.production] : [];
  });
  return promotions.at(-1) === version;
}

/** True if the run that made this version a canary had been killed before the command removed it. */
function isLeftover(entries: readonly JournalEntry[], command: JournalEntry, version: string): boolean {
  const at = entries.indexOf(command);
  const trained = entries.slice(0, at).findLast(({ details }) => challengerIn(details) === version);
  if (trained === undefined) return false;
  // A run that goes on notes at least its end. Who asks for recalls holds the lock: no other run goes on.
  const later = entries.slice(at).filter(({ run }) => run === trained.run);
  return later.every(({ details }) => details?.killed === true);
}

function challengerIn(details: JournalEntry['details']): unknown {
  return (details?.found as { readonly challenger?: string } | undefined)?.challenger;
}
