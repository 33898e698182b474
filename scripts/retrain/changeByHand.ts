/** Changes of a model's aliases by a command: made, followed by the Workers, and recorded. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Aliases } from '../../shared/aliases.ts';
import { GateError, InputError, nextOf, StorageError } from '../../shared/errors.ts';
import { printAside } from '../cli/printable.ts';
import { StoreFailure, StoreRefusal } from '../store/s3Errors.ts';
import { type Aftermath, afterFailedUndo, isTold, withAftermath } from './aftermath.ts';
import { given as givenCommand, nextAfter, onceSettled } from './again.ts';
import { type AliasChange, changeAliases, type KnownAliases, readDamagedAliases, shown } from './aliases.ts';
import { inForceOf, notKnown } from './inForce.ts';
import { type Journal, openJournal } from './journal.ts';
import { lostVersion, republishLine } from './lostAliases.ts';
import { chosenModel } from './models.ts';
import { notePromoted } from './notePromoted.ts';
import { origin } from './origin.ts';
import { repairLine } from './repairs.ts';
import { damageOf } from './stored.ts';
import type { Target } from './targets/target.ts';
import { wholeLine } from './wholeVersions.ts';

/** The file of a model's aliases. */
export const fileOf = ({ release }: Target) => release.key('').slice(1);

export interface ChangedAliases {
  readonly model: string;
  readonly aliases: Aliases;
  /** Null if they were damaged. */
  readonly before: Aliases | null;
}

export interface NextAliases {
  readonly to: Aliases;
  /** What was accepted although a gate refused it, for the history. */
  readonly accepted?: string | undefined;
}

/**
 * Changes the aliases of a model, and records the command.
 * @param next Returns the new aliases.
 * @param overwrites True if aliases that are damaged are no obstacle.
 * @throws {InputError} if they, or a version that is to answer, are damaged, or the store fails, with what is in force.
 */
export async function changeByHand(
  target: Target,
  given: string | undefined,
  command: string,
  next: (aliases: Aliases | undefined, model: string) => NextAliases | Promise<NextAliases>,
  overwrites = false,
): Promise<ChangedAliases> {
  const { bucket, release } = target;
  let left: Partial<Aftermath> = {};
  let change: { readonly model: string; readonly to: Aliases } | undefined;
  try {
    const model = await chosenModel(target, fileOf(target), given);
    const key = release.key(model);
    const journal = await openJournal(bucket, model);
    const from: KnownAliases = overwrites
      ? await readDamagedAliases(bucket, key)
      : await wholeAliases(target, model, journal);
    const { to, accepted } = await next(from.aliases, model);
    if (to.production !== from.aliases?.production) await requireWhole(target, model, to.production, from);
    const either = `${shown(to)}, or still ${shown(from.aliases)}`;
    left = {
      inForce: notKnown(`the store does not tell it: ${either}`),
      ...{ undone: ['nothing'], next: afterFailedUndo(target, model) },
    };
    change = { model, to };
    await changeAliases(bucket, { key, model, from, to });
    const later = await release.follow(model, to).catch(async (cause: unknown) => {
      throw await notFollowed(target, { key, model, from, to }, cause);
    });
    if (later !== undefined) printAside(`warning: ${later}`);
    await notePromoted(target, model, to.production);
    const details = { from: from.aliases ?? null, to, by: origin() };
    const reason = [shown(to), ...(accepted === undefined ? [] : [accepted])].join('; ');
    await journal.append({ run: command, event: 'command', reason, details }).catch((cause: unknown) => {
      throw unrecorded(model, to, cause);
    });
    return { model, aliases: to, before: from.aliases ?? null };
  } catch (error) {
    throw (change && (await refused(target, change, error))) ?? ofStore(error, left);
  }
}

/** Adds what is in force to the error of a change that the store or its disk refuses; undefined if that is not known. */
async function refused(
  target: Target,
  { model, to }: { readonly model: string; readonly to: Aliases },
  error: unknown,
): Promise<unknown> {
  const isRefusal = error instanceof StoreRefusal || error instanceof StorageError;
  if (!isRefusal || isTold(error)) return undefined;
  const { aliases, text, isKnown } = await inForceOf(target, model);
  // It may have refused what came after the change.
  if (!isKnown || shown(aliases) === shown(to)) return undefined;
  return withAftermath(error, {
    ...{ inForce: text, undone: [], next: nextAfter(error, givenCommand('deploy')) },
  });
}

/** @throws {InputError} if a version that is to answer is damaged, with the command that promotes a whole one. */
async function requireWhole(
  target: Target,
  model: string,
  version: string,
  { aliases }: Pick<KnownAliases, 'aliases'>,
): Promise<void> {
  const damage = await damageOf(target.bucket, model, version);
  if (damage === undefined) return;
  const { entries } = await openJournal(target.bucket, model);
  const isHere = existsSync(join('artifacts', model, version, 'manifest.json'));
  throw withAftermath(
    new InputError(`${damage}: expected ${model}@${version} to be whole, as it is to answer`),
    {
      inForce: aliases === undefined ? `no version of ${model}` : shown(aliases),
      undone: [],
      next: isHere
        ? republishLine(target, model, version)
        : await wholeLine(target, model, entries, [version, aliases?.production]),
    },
  );
}

/** Adds what is left to the error of a store that fails. Any other error is returned unchanged. */
export function ofStore(error: unknown, left: Partial<Aftermath> = {}): unknown {
  if (!(error instanceof StoreFailure) || isTold(error)) return error;
  return withAftermath(error, {
    inForce: `${notKnown('the store does not tell it')}; this command has changed nothing`,
    ...{ undone: [], next: onceSettled(givenCommand('deploy')) },
    ...left,
  });
}

function unrecorded(model: string, to: Aliases, cause: unknown): unknown {
  return withAftermath(new InputError(`${model}: only the history lacks this command`, { cause }), {
    ...{ inForce: shown(to), undone: ['nothing'], next: 'nothing, as what was asked for is in force' },
  });
}

/**
 * Reads aliases that are to be changed.
 * @throws {InputError} if they are damaged, or gone although a version was promoted, with the command that writes them
 * again.
 */
async function wholeAliases(target: Target, model: string, { entries }: Journal): Promise<KnownAliases> {
  const { bucket, release } = target;
  const key = release.key(model);
  const known = await readDamagedAliases(bucket, key);
  const isDamaged = known.damage !== undefined;
  const isLost =
    known.aliases === undefined && !isDamaged && (await lostVersion(target, model, entries)) !== undefined;
  if (!isDamaged && !isLost) return known;
  const state = `${key} is ${isDamaged ? 'damaged' : 'gone'}`;
  throw withAftermath(
    new InputError(`${state}: expected aliases, which this command changes`, { cause: known.damage }),
    {
      inForce: notKnown(`${state}; ${isDamaged ? release.ifDamaged : release.ifGone}`),
      ...{ undone: [], next: await repairLine(target, model, null, entries) },
    },
  );
}

/** Takes an alias change back that the Workers could not follow, and returns the error that tells so. */
async function notFollowed(
  { bucket }: Target,
  { key, model, from, to }: AliasChange,
  cause: unknown,
): Promise<Error> {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const now = await readDamagedAliases(bucket, key);
  let state = `${key} names ${shown(to)}, which the Workers do not follow`;
  let left = { inForce: notKnown('the Workers do not follow the aliases'), undone: ['nothing'] };
  if (from.aliases !== undefined && shown(now.aliases) === shown(to)) {
    await changeAliases(bucket, { key, model, from: now, to: from.aliases });
    state = `nothing was changed: ${shown(from.aliases)}`;
    left = { inForce: shown(from.aliases), undone: [`${key}: back to ${shown(from.aliases)}`] };
  }
  const ErrorType = cause instanceof GateError ? GateError : InputError;
  const error = new ErrorType(`${model}: ${state} (${reason})`, { next: nextOf(cause) });
  return withAftermath(error, { ...left, next: nextAfter(cause, givenCommand('deploy')) }) as Error;
}
