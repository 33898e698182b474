/** Advice for a version in production that cannot be read, and for aliases that name none. */
import type { Aliases } from '../../shared/aliases.ts';
import { InputError } from '../../shared/errors.ts';
import { readArtifact } from '../../training/artifact/artifact.ts';
import { artifactFolder } from '../cli/artifacts.ts';
import { readDamagedAliases } from './aliases.ts';
import { lastPromoted } from './historyLines.ts';
import { type JournalEntry, openJournal } from './journal.ts';
import { promoteLine, publishLine, requireNothingLost } from './lostAliases.ts';
import { type Addressed, nextCommand } from './nextCommand.ts';
import { DamagedVersionError, damageOf, withAnswers } from './stored.ts';
import type { Target } from './targets/target.ts';
import { wholeLine } from './wholeVersions.ts';

export function rollbackLine(target: Addressed, model: string): string {
  return nextCommand(target, 'deploy', '--rollback', model);
}

/** True if the artifacts on this disk have a version whole, with what its publication needs. */
async function isWholeHere(model: string, version: string): Promise<boolean> {
  try {
    const { answers } = await withAnswers(await readArtifact(await artifactFolder(`${model}@${version}`)));
    return answers !== undefined;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

/** The command that puts a whole version into production, where aliases, or the version that they name, are damaged. */
export async function repairLine(
  target: Addressed & Pick<Target, 'bucket'>,
  model: string,
  aliases: Aliases | null,
  entries: readonly JournalEntry[],
): Promise<string> {
  const { previous, production } = aliases ?? {};
  if (production !== undefined && (await isWholeHere(model, production)))
    return `to repair ${production} with the copy on this disk: ${publishLine(target, model, production)}`;
  if (previous !== undefined && (await damageOf(target.bucket, model, previous)) === undefined)
    return `to return to ${previous}: ${rollbackLine(target, model)}`;
  const last = aliases === null ? lastPromoted(entries) : undefined;
  return last === undefined
    ? wholeLine(target, model, entries, [production])
    : `to name the version that was promoted last: ${promoteLine(target, model, last)}`;
}

/**
 * Returns the aliases that a run begins with; undefined before the first version.
 * @throws {InputError} if they are damaged, or gone, with the command that writes them again.
 */
export async function intactAliases(
  target: Target,
  model: string,
  entries: readonly JournalEntry[],
): Promise<Aliases | undefined> {
  const key = target.release.key(model);
  const { aliases, damage } = await readDamagedAliases(target.bucket, key);
  if (damage !== undefined)
    throw new InputError(`${key} is damaged: expected the version in production, which runs compare with`, {
      cause: damage,
      next: await repairLine(target, model, null, entries),
    });
  if (aliases === undefined) await requireNothingLost(target, model, entries);
  return aliases;
}

/** Returns what `reading` the version in production gives; its error names the command that helps. */
export async function championRead<T>(target: Target, model: string, reading: Promise<T>): Promise<T> {
  return reading.catch(async (error: unknown) => {
    if (!(error instanceof DamagedVersionError)) throw error;
    const { aliases = null } = await readDamagedAliases(target.bucket, target.release.key(model));
    const { entries } = await openJournal(target.bucket, model);
    throw new InputError(`the version in production cannot be read: ${error.message}`, {
      cause: error.cause,
      next: await repairLine(target, model, aliases, entries),
    });
  });
}
