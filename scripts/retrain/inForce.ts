/** What is in force of a model, for people, as far as it is known. */
import type { Aliases } from '../../shared/aliases.ts';
import { readDamagedAliases, shown } from './aliases.ts';
import { openJournal } from './journal.ts';
import { lostVersion } from './lostAliases.ts';
import { reasonOf } from './reason.ts';
import type { Target } from './targets/target.ts';

export interface InForce {
  /** The versions that answer, or why they are not known. */
  readonly text: string;
  /** Undefined if there are none, or they are not known. */
  readonly aliases: Aliases | undefined;
  /** True if the store has answered, with aliases that are whole or with none. */
  readonly isKnown: boolean;
  /** True if it has answered at all. */
  readonly isRead: boolean;
}

/** Reads what is in force. Never rejects. */
export async function inForceOf(
  { bucket, release }: Pick<Target, 'bucket' | 'release'>,
  model: string,
): Promise<InForce> {
  const key = release.key(model);
  try {
    const { aliases, damage } = await readDamagedAliases(bucket, key);
    if (damage !== undefined) {
      const text = notKnown(`${key} is damaged; ${release.ifDamaged}`);
      return { text, aliases, isKnown: false, isRead: true };
    }
    if (aliases !== undefined) return { text: shown(aliases), aliases, isKnown: true, isRead: true };
    const { entries } = await openJournal(bucket, model);
    if ((await lostVersion({ bucket }, model, entries)) === undefined)
      return { text: `no version of ${model}`, aliases, isKnown: true, isRead: true };
    return { text: notKnown(`${key} is gone; ${release.ifGone}`), aliases, isKnown: false, isRead: true };
  } catch (error) {
    const text = notKnown(`the store does not tell: ${reasonOf(error)}`);
    return { text, aliases: undefined, isKnown: false, isRead: false };
  }
}

export function notKnown(reason: string): string {
  return `not known, because ${reason}`;
}
