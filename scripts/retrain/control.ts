/** Manual commands: history, rollback and promotion. */
import type { Aliases } from '../../shared/aliases.ts';
import { InputError } from '../../shared/errors.ts';
import { ModelVersion } from '../../shared/manifest.ts';
import { type Given, given as givenCommand } from './again.ts';
import { readDamagedAliases, withoutShadowOf } from './aliases.ts';
import { type ChangedAliases, changeByHand, fileOf } from './changeByHand.ts';
import { acceptedText } from './gates/judging.ts';
import type { Known } from './historyLines.ts';
import { type Journal, openJournal, unfinishedRun } from './journal.ts';
import { lockHolder } from './lock.ts';
import { promoteLine } from './lostAliases.ts';
import { chosenModel, unknownModel } from './models.ts';
import { nextCommand } from './nextCommand.ts';
import { judgeShadow } from './shadow/judgeShadow.ts';
import { damageOf } from './stored.ts';
import type { Target } from './targets/target.ts';
import { allEntries } from './unrecorded.ts';

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
  return changeByHand(target, given, 'rollback', async (aliases, model) => {
    if (aliases === undefined) throw await unknownModel(target, model);
    const { canary, previous, ...others } = aliases;
    const { production } = others;
    if (canary !== undefined) return { to: { ...others, ...(previous && { previous }) } };
    // `previous` is dropped: a version that was rolled back must not answer if production cannot be loaded.
    if (previous !== undefined) return { to: withoutShadowOf({ ...others, production: previous }, previous) };
    throw new InputError(`${model}: expected a canary or a version before ${production}, found neither`, {
      next: `to list its versions: ${nextCommand(target, 'models', 'list', model)}; then, to return to one in the bucket: ${promoteLine(target, model, '<version>')}; or to one on this disk: ${nextCommand(target, 'publish', `${model}@<version>`)}`,
    });
  });
}

/**
 * Ends the shadow: Workers do not ask it any more.
 * @throws {InputError} if there is none.
 */
export async function endShadow(target: Target, given: string | undefined): Promise<ChangedAliases> {
  return changeByHand(target, given, 'end-shadow', (aliases, model) => {
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
  const overwrites = version !== undefined;
  const next = async (aliases: Aliases | undefined, name: string) => {
    const isNamed = version !== undefined && target.missing === undefined;
    if (aliases === undefined && !isNamed) throw await unknownModel(target, name);
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
  };
  return changeByHand(target, model || undefined, 'promote', next, overwrites);
}

/** Returns the entries of the journal, and what they cannot tell. */
export async function historyOf(
  target: Target,
  given: string | undefined,
): Promise<Known & Pick<Journal, 'entries' | 'damaged'>> {
  const { bucket, release } = target;
  const model = await chosenModel(target, fileOf(target), given);
  const journal = await openJournal(bucket, model);
  const { damaged } = journal;
  const entries = await allEntries(target, model, journal);
  const { aliases, etag } = await readDamagedAliases(bucket, release.key(model));
  if (entries.length === 0 && damaged.length === 0 && etag === undefined)
    throw await unknownModel(target, model);
  const isHeld = (await lockHolder(bucket, model)) !== undefined;
  const killed = isHeld ? null : (unfinishedRun(entries)?.[0]?.run ?? null);
  return {
    entries,
    damaged,
    killed,
    production: aliases?.production,
  };
}
