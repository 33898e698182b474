/** Manual commands: history, rollback and promotion. */
import type { Aliases } from '../../shared/aliases.ts';
import { GateError, InputError, nextOf } from '../../shared/errors.ts';
import { ModelVersion } from '../../shared/manifest.ts';
import { commandLine } from '../cli/places.ts';
import { type Given, given as givenCommand } from './again.ts';
import {
  type AliasChange,
  changeAliases,
  readAliases,
  readDamagedAliases,
  shown,
  withoutShadowOf,
} from './aliases.ts';
import { acceptedText } from './gates/judging.ts';
import type { Known } from './historyLines.ts';
import { type Journal, openJournal, unfinishedRun } from './journal.ts';
import { lockHolder } from './lock.ts';
import { promoteLine } from './lostAliases.ts';
import { chosenModel, unknownModel } from './models.ts';
import { notePromoted } from './notePromoted.ts';
import { origin } from './origin.ts';
import { judgeShadow } from './shadow/judgeShadow.ts';
import { damageOf } from './stored.ts';
import type { Target } from './targets/target.ts';
import { unrecordedOf } from './unrecorded.ts';

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
  const [name, version] = given?.split('@') ?? [];
  if (version !== undefined)
    throw new InputError(
      `--rollback ${given}: expected a model, whose canary or version in production is left`,
      { next: `to return to that version: ${promoteLine(target, name!, version)}` },
    );
  return change(target, given, 'rollback', readAliases, async (aliases, model) => {
    if (aliases === undefined) throw await unknownModel(target.bucket, model);
    const { canary, previous, ...others } = aliases;
    const { production } = others;
    if (canary !== undefined) return { to: { ...others, ...(previous && { previous }) } };
    // `previous` is dropped: a version that was rolled back must not answer if production cannot be loaded.
    if (previous !== undefined) return { to: withoutShadowOf({ ...others, production: previous }, previous) };
    throw new InputError(
      `${model}: expected a canary or a version before ${production}, found neither; "${commandLine('models')} list ${model}" lists its versions: --promote ${model}@<version> returns to one in the bucket, and "${commandLine('publish')} ${model}@<version>" to one on this disk`,
    );
  });
}

/**
 * Ends the shadow: Workers do not ask it any more.
 * @throws {InputError} if there is none.
 */
export async function endShadow(target: Target, given: string | undefined): Promise<ChangedAliases> {
  return change(target, given, 'end-shadow', readAliases, (aliases, model) => {
    if (aliases?.shadow === undefined) throw new InputError(`${model}: expected a shadow, found none`);
    return { to: withoutShadowOf(aliases, aliases.shadow.version) };
  });
}

export interface Promoting {
  /** Names of the gates whose refusal is accepted. */
  readonly accept?: readonly string[];
  /** Default: that of this process. */
  readonly command?: Given;
  readonly print?: (line: string) => void;
}

/**
 * Promotes the canary, or else the shadow, or the given version to production. What is the shadow has to pass its gate.
 * @param given `model`, or `model@version`, which also repairs aliases that are damaged or gone.
 * @throws {InputError} if there is no such version, or it is in production already.
 * @throws {GateError} if the gate `shadow` refuses.
 */
export async function promote(
  target: Target,
  given: string | undefined,
  { accept = [], command = givenCommand('deploy'), print = () => undefined }: Promoting = {},
): Promise<ChangedAliases> {
  const [model, version] = (given ?? '').split('@');
  if (version !== undefined && !ModelVersion.safeParse(version).success)
    throw new InputError(`expected model@version, with a version of 12 hex digits, received '${given}'`);
  const read = version === undefined ? readAliases : readDamagedAliases;
  return change(target, model || undefined, 'promote', read, async (aliases, name) => {
    if (aliases === undefined && version === undefined) throw await unknownModel(target.bucket, name);
    if (aliases === undefined) return { to: { production: version! } };
    const { production, canary, shadow } = aliases;
    const next = version ?? canary?.version ?? shadow?.version;
    if (next === undefined)
      throw new InputError(
        `${name} has no canary and no shadow: give the version to promote, as ${name}@<version>`,
      );
    if (next === production) throw new InputError(`${name}@${next} is in production already`);
    // A version that is damaged or gone is none to return to.
    const isWhole = (await damageOf(target.bucket, name, production)) === undefined;
    const judged =
      next === shadow?.version
        ? await judgeShadow({ live: target.live, model: name, aliases, accept, command, print })
        : [];
    const { shadow: kept } = withoutShadowOf(aliases, next);
    const to = { production: next, ...(isWhole && { previous: production }), ...(kept && { shadow: kept }) };
    return { to, accepted: acceptedText(judged) };
  });
}

interface NextAliases {
  readonly to: Aliases;
  /** What was accepted although a gate refused it, for the history. */
  readonly accepted?: string | undefined;
}

async function change(
  target: Target,
  given: string | undefined,
  command: string,
  read: typeof readDamagedAliases,
  next: (aliases: Aliases | undefined, model: string) => NextAliases | Promise<NextAliases>,
): Promise<ChangedAliases> {
  const { bucket, release } = target;
  const model = await chosenModel(bucket, fileOf(target), given);
  const key = release.key(model);
  const from = await read(bucket, key);
  const journal = await openJournal(bucket, model);
  const { to, accepted } = await next(from.aliases, model);
  await changeAliases(bucket, { key, model, from, to });
  try {
    await release.follow(model, to);
  } catch (cause) {
    throw await notFollowed(target, { key, model, from, to }, cause);
  }
  await notePromoted(target, model, to.production);
  const details = { from: from.aliases ?? null, to, by: origin() };
  try {
    const reason = [shown(to), ...(accepted === undefined ? [] : [accepted])].join('; ');
    await journal.append({ run: command, event: 'command', reason, details });
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

/** Returns the entries of the journal, and what they cannot tell. */
export async function historyOf(
  target: Target,
  given: string | undefined,
): Promise<Known & Pick<Journal, 'entries' | 'damaged'>> {
  const { bucket, release } = target;
  const model = await chosenModel(bucket, fileOf(target), given);
  const { entries, damaged } = await openJournal(bucket, model);
  const { aliases, etag } = await readDamagedAliases(bucket, release.key(model));
  if (entries.length === 0 && damaged.length === 0 && etag === undefined)
    throw await unknownModel(bucket, model);
  const isHeld = (await lockHolder(bucket, model)) !== undefined;
  const killed = isHeld ? null : (unfinishedRun(entries)?.[0]?.run ?? null);
  return {
    entries: [...entries, ...(await unrecordedOf(target, model))],
    damaged,
    killed,
    production: aliases?.production,
  };
}
