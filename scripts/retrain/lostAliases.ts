/** Aliases that are gone although the history knows a version in production: not the same as no version yet. */
import { InputError } from '../../shared/errors.ts';
import { lastPromoted } from './historyLines.ts';
import type { JournalEntry } from './journal.ts';
import { type Addressed, nextCommand } from './nextCommand.ts';
import { isStored } from './stored.ts';
import type { Target } from './targets/target.ts';

/** Returns the version that was promoted last, if the bucket still has it; undefined otherwise. */
export async function lostVersion(
  { bucket }: Pick<Target, 'bucket'>,
  model: string,
  entries: readonly JournalEntry[],
): Promise<string | undefined> {
  const last = lastPromoted(entries);
  return last !== undefined && (await isStored(bucket, model, last)) ? last : undefined;
}

/** The command that names a version in the aliases again. */
export function promoteLine(target: Addressed, model: string, version: string): string {
  return nextCommand(target, 'deploy', '--promote', `${model}@${version}`);
}

/** @throws {InputError} if a run would take a model for a new one, and compare it with nothing. */
export async function requireNothingLost(
  target: Target,
  model: string,
  entries: readonly JournalEntry[],
): Promise<void> {
  const lost = await lostVersion(target, model, entries);
  if (lost === undefined) return requireStoreKept(target, model);
  throw new InputError(
    `${target.release.key(model)} is gone, though ${model}@${lost} was promoted last: expected a version to compare with`,
    { next: `to name it again: ${promoteLine(target, model, lost)}` },
  );
}

/** The command that publishes a version that this disk has. */
export function publishLine(target: Addressed, model: string, version: string): string {
  return nextCommand(target, 'publish', `${model}@${version}`);
}

/** The same for a model whose store is lost. */
export function republishLine(target: Addressed, model: string, version: string): string {
  return `to publish it again from this disk: ${publishLine(target, model, version)}`;
}

/** @throws {InputError} if the store has nothing of a model, although a version of it was promoted here. */
async function requireStoreKept(target: Target, model: string): Promise<void> {
  const { promotedHere } = target;
  const noted = await promotedHere?.of(model);
  if (promotedHere === undefined || noted === undefined) return;
  throw new InputError(
    `the bucket has nothing of ${model}, though ${model}@${noted} was promoted here: expected a version to compare with; if this is meant to be the first one, remove ${promotedHere.path(model)}`,
    { next: republishLine(target, model, noted) },
  );
}
