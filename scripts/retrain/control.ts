/** Manual commands: history, rollback and promotion. */
import type { Aliases } from '../../shared/aliases.ts';
import { GateError, InputError, nextOf } from '../../shared/errors.ts';
import { ModelVersion } from '../../shared/manifest.ts';
import { commandLine } from '../cli/places.ts';
import { type AliasChange, changeAliases, readAliases, readDamagedAliases, shown } from './aliases.ts';
import { type JournalEntry, openJournal } from './journal.ts';
import { chosenModel } from './models.ts';
import { origin } from './origin.ts';
import { damageOf } from './stored.ts';
import type { Target } from './targets/target.ts';

/** The file of a model's aliases. */
export const fileOf = ({ release }: Target) => release.key('').slice(1);

export interface ChangedAliases {
  readonly model: string;
  readonly aliases: Aliases;
  /** Null if they were damaged. */
  readonly before: Aliases | null;
}

/**
 * Removes the canary or, if there is none, restores the previous version.
 * @throws {InputError} if there is neither.
 */
export async function rollBack(target: Target, given: string | undefined): Promise<ChangedAliases> {
  return change(target, given, 'rollback', readAliases, (aliases, model) => {
    if (aliases === undefined) throw new InputError(`${model} has no version in production`);
    const { production, canary, previous } = aliases;
    if (canary !== undefined) return { production, ...(previous && { previous }) };
    // `previous` is dropped: a version that was rolled back must not answer if production cannot be loaded.
    if (previous !== undefined) return { production: previous };
    throw new InputError(
      `${model}: expected a canary or a version before ${production}, found neither; "${commandLine('models')} list ${model}" lists its versions: --promote ${model}@<version> returns to one in the bucket, and "${commandLine('publish')} ${model}@<version>" to one on this disk`,
    );
  });
}

/**
 * Promotes the canary or the given version to production.
 * @param given `model` for its canary, or `model@version`, which also repairs aliases that are damaged or gone.
 * @throws {InputError} if there is no such version, or it is in production already.
 */
export async function promote(target: Target, given: string | undefined): Promise<ChangedAliases> {
  const [model, version] = (given ?? '').split('@');
  if (version !== undefined && !ModelVersion.safeParse(version).success)
    throw new InputError(`expected model@version, with a version of 12 hex digits, received '${given}'`);
  const read = version === undefined ? readAliases : readDamagedAliases;
  return change(target, model || undefined, 'promote', read, async (aliases, name) => {
    if (aliases === undefined && version === undefined)
      throw new InputError(`${name} has no version in production`);
    if (aliases === undefined) return { production: version! };
    const { production, canary } = aliases;
    const next = version ?? canary?.version;
    if (next === undefined)
      throw new InputError(`${name} has no canary: give the version to promote, as ${name}@<version>`);
    if (next === production) throw new InputError(`${name}@${next} is in production already`);
    // A version that is damaged or gone is none to return to.
    const isWhole = (await damageOf(target.bucket, name, production)) === undefined;
    return { production: next, ...(isWhole && { previous: production }) };
  });
}

async function change(
  target: Target,
  given: string | undefined,
  command: string,
  read: typeof readDamagedAliases,
  next: (aliases: Aliases | undefined, model: string) => Aliases | Promise<Aliases>,
): Promise<ChangedAliases> {
  const { bucket, release } = target;
  const model = await chosenModel(bucket, fileOf(target), given);
  const key = release.key(model);
  const from = await read(bucket, key);
  const journal = await openJournal(bucket, model);
  const to = await next(from.aliases, model);
  await changeAliases(bucket, { key, model, from, to });
  try {
    await release.follow(model, to);
  } catch (cause) {
    throw await notFollowed(target, { key, model, from, to }, cause);
  }
  const details = { from: from.aliases ?? null, to, by: origin() };
  try {
    await journal.append({ run: command, event: 'command', reason: shown(to), details });
  } catch (cause) {
    throw new InputError(`${model}: in force is ${shown(to)}; only the history lacks this command`, {
      cause,
    });
  }
  return { model, aliases: to, before: from.aliases ?? null };
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
  if (from.aliases !== undefined && shown(now.aliases) === shown(to)) {
    await changeAliases(bucket, { key, model, from: now, to: from.aliases });
    state = `nothing was changed: ${shown(from.aliases)}`;
  }
  const ErrorType = cause instanceof GateError ? GateError : InputError;
  return new ErrorType(`${model}: ${state} (${reason})`, { next: nextOf(cause) });
}

export async function historyOf(target: Target, given: string | undefined): Promise<readonly JournalEntry[]> {
  const { entries } = await openJournal(
    target.bucket,
    await chosenModel(target.bucket, fileOf(target), given),
  );
  return entries;
}
