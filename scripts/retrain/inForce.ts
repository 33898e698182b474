/** What is in force of a model, for people, as far as it is known. */
import type { Aliases } from '../../shared/aliases.ts';
import { printAside } from '../cli/printable.ts';
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
  /** True if the store, or a copy of it, has aliases that are whole, or none. */
  readonly isKnown: boolean;
  /** True if the store itself has answered. */
  readonly isRead: boolean;
}

/** Reads what is in force: from a copy where the store does not answer, if there is one. Never rejects. */
export async function inForceOf(
  target: Pick<Target, 'bucket' | 'release' | 'copied'>,
  model: string,
): Promise<InForce> {
  try {
    return await read(target, model);
  } catch (error) {
    const text = notKnown(`the store does not tell: ${reasonOf(error)}`);
    const unknown = { text, aliases: undefined, isKnown: false, isRead: false };
    return (await inForceInCopy(target, model)) ?? unknown;
  }
}

/** Reads what is in force from a copy of the store, without asking that; undefined if there is none to read. */
export async function inForceInCopy(
  target: Pick<Target, 'copied'>,
  model: string,
): Promise<InForce | undefined> {
  try {
    const copy = await target.copied?.();
    if (copy === undefined) return undefined;
    return { ...(await read(copy, model).finally(copy.close)), isRead: false };
  } catch (error) {
    printAside(`warning: there is no copy of the bucket to read either: ${reasonOf(error)}`);
    return undefined;
  }
}

async function read(
  { bucket, release }: Pick<Target, 'bucket' | 'release'>,
  model: string,
): Promise<InForce> {
  const key = release.key(model);
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
}

export function notKnown(reason: string): string {
  return `not known, because ${reason}`;
}
